import Errors
import Foundation
import TestSupport
import Testing

@testable import Report

/// What figures share: steps and decades of logarithmic axes, places of labels, columns of panels, styles, names.
@Suite struct FigurePartsTests {
    @Test(arguments: [1, 2, 3, 10, 999, 6000, 1_000_000, Int.max])
    func logStepsAscendToTheLast(last: Int) {
        let steps = logSteps(to: last, perDecade: 60)
        #expect(steps.first == 1 && steps.last == last)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
        // About sixty to a decade, and no gap wider than that but at the start, where steps are whole.
        #expect(Double(steps.count) < 62 * log10(Double(last)) + 62)
        for (a, b) in zip(steps, steps.dropFirst()) { #expect(Double(b - a) <= max(1, Double(a) * 0.0384)) }
    }

    @Test func decadesEncloseTheValues() throws {
        for (values, low, high) in [
            ([1.0], 0, 1), ([0.1], -1, 0), ([0.99, 1.01], -1, 1), ([1e-8, 1e8], -8, 9), ([.leastNonzeroMagnitude], -324, -323), ([1.7e308], 308, 309),
            ([.infinity, -1, 0, .nan, 20], 1, 2),
        ] {
            let decades = try #require(Decades(around: values))
            #expect(decades.low == low && decades.high == high, "\(values)")
        }
        #expect(Decades(around: []) == nil)
        #expect(Decades(around: [0, -3, .infinity, .nan]) == nil)
    }

    /// Any two at least a gap apart, in their order, within the range while there is room, and unmoved where they do not touch.
    @Test func labelsAreSeparated() {
        #expect(LabelPlaces.separated([1, 5, 9], by: 1, within: 0...10) == [1, 5, 9])
        #expect(LabelPlaces.separated([], by: 1, within: 0...10) == [])
        // A linear congruential generator of a fixed seed: 90 sets of one to nine labels.
        var state: UInt64 = 1
        for round in 0..<90 {
            let count = 1 + round % 9
            let wanted = (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Double(state >> 11) * 0x1p-53 * 10
            }
            let places = LabelPlaces.separated(wanted, by: 1, within: 0...10)
            let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
            for (a, b) in zip(order, order.dropFirst()) { #expect(places[b] - places[a] > 1 - 1e-9, "\(wanted) \(places)") }
            #expect(places.allSatisfy { $0 > -1e-9 && $0 < 10 + 1e-9 })
        }
        #expect(LabelPlaces.separated([0, 0, 0], by: 2, within: 0...10) == [0, 2, 4])
    }

    /// Rows as full as each other: 4 as 2 + 2, 5 as 3 + 2; fewer columns where the width has no room.
    @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (6, 3), (7, 3), (8, 3), (9, 3)])
    func panelsStandInBalancedRows(count: Int, columns: Int) {
        #expect(PanelGrid.columns(for: count, width: 6.9, margins: 52, gap: 12) == columns)
        #expect(PanelGrid.columns(for: count, width: 3.35, margins: 52, gap: 12) <= 2)
        #expect(PanelGrid.columns(for: count, width: 1.2, margins: 52, gap: 12) == 1)
    }

    @Test func legendsTakeMoreLinesWhereNarrow() {
        #expect(PanelGrid.legendLines(4, width: 6.9) == 1)
        #expect(PanelGrid.legendLines(5, width: 6.9) == 2)
        #expect(PanelGrid.legendLines(4, width: 3.35) == 2)
        #expect(PanelGrid.legendLines(3, width: 1) == 3)
    }

    @Test func escapingLeavesNoMarkup() {
        #expect(GnuplotScript.escaped("a_b^c@d&e~f{g}h\\i") == #"a\_b\^c\@d\&e\~f\{g\}h\\i"#)
        #expect(GnuplotScript.escaped("two\nlines\u{1}") == "two lines ")
        #expect(GnuplotScript.escaped("Adam, warmup 200") == "Adam, warmup 200")
    }

    @Test func rowsAreSelectedAndJoined() {
        let table = Table([
            Column("t", [1, 2, 3]), Column("x", [0.5, nil, 2.5]), Column("s", ["a", "b", "c"]), Column("b", repeating: true, count: 3),
        ])
        let part = table.selecting(rows: [2, 0, 2])
        #expect(part.integers("t") == [3, 1, 3])
        #expect(part.reals("x") == [2.5, 0.5, 2.5])
        #expect(table.numbers("t") == [1, 2, 3] && table.numbers("x") == [0.5, nil, 2.5])
        #expect(table.selecting(rows: []).rowCount == 0)
        let all = [table, part].joined()
        #expect(all.integers("t") == [1, 2, 3, 3, 1, 3] && all.rowCount == 6)
        let none = [Table]().joined(orEmpty: ["a", "b"])
        #expect(none.rowCount == 0 && none.columns.map(\.name) == ["a", "b"])
    }
}

/// Width, font and labels of a figure.
@Suite struct FigureStyleTests {
    private static let table = Table([Column("x", [1.0, 2])])

    private static func figure() -> GnuplotFigure {
        GnuplotFigure(name: "f", caption: "A figure.", width: 6.9, data: [.init(table: table)]) { width in
            .init(size: FigureSize(width: width, height: 2), body: "set title '\(FigureLabel.marked("adam-2k:500", "Adam, freeze 500"))'\nplot x")
        }
    }

    @Test(arguments: [("85.09", 3.35), ("column", 3.35), ("page", 6.9), ("254", 10), ("30", 30 / 25.4)])
    func widthsInInches(text: String, width: Double) throws {
        #expect(relativeError(try FigureStyle(width: text).width!, width) < 1e-12)
    }

    @Test(arguments: ["29", "1001", "0", "-85", "nan", "inf", "9223372036854775808", "wide", "", "85mm"])
    func otherWidthsAreRefused(text: String) {
        let error = #expect(throws: ParameterError.self) { try FigureStyle(width: text) }
        #expect(error?.parameter == .width)
    }

    @Test func fonts() throws {
        let times = try FigureStyle(font: "Times New Roman, 9.5")
        #expect(times.fontName == "Times New Roman" && times.fontSize == 9.5)
        let size = try FigureStyle(font: ",10")
        #expect(size.fontName == nil && size.fontSize == 10)
        #expect(try FigureStyle(font: "Arial").fontSize == nil)
        for bad in ["", ",", "a'b", "x,3", "x,41", "x,nan", "x,1,2", "a;b", "a_b", "a\"b", "a\nb", "é"] {
            let error = #expect(throws: ParameterError.self, "\(bad)") { try FigureStyle(font: bad) }
            #expect(error?.parameter == .font)
        }
    }

    @Test func labels() throws {
        let style = try FigureStyle(labels: ["adam-2k:500=Adam-2k", "radam=R=Adam"])
        #expect(style.labels == ["adam-2k:500": "Adam-2k", "radam": "R=Adam"])
        for bad in [["x"], ["=y"], ["x="], ["x=1", "x=2"], ["x=a\nb"], ["x=\u{E000}"]] {
            let error = #expect(throws: ParameterError.self, "\(bad)") { try FigureStyle(labels: bad) }
            #expect(error?.parameter == .label)
        }
    }

    /// Without a style the text of the figure stands, without its marks.
    @Test func theStandardChangesNothing() {
        let figure = Self.figure()
        #expect(figure.script.contains("set title 'Adam, freeze 500'"))
        #expect(figure.labelKeys == ["adam-2k:500"])
        #expect(figure.styled(.standard).script == figure.script)
        #expect(figure.script.contains("font 'Liberation Sans,8'") && figure.script.contains("fontscale 1.3333 linewidth 1.3333"))
        #expect(figure.script.contains("# rsvg-convert -f pdf -o f.pdf f.svg "))
    }

    @Test func aLabelReplacesTheName() throws {
        let figure = Self.figure().styled(try FigureStyle(labels: ["adam-2k:500=Adam's_2k", "other=x"]))
        #expect(figure.script.contains("set title 'Adam''s\\_2k'"))
    }

    /// Laid out anew: the width is what was asked for, at any size of letters, and the layout sees what is left at 8 points.
    @Test func widthAndFontLayOutAnew() throws {
        let figure = Self.figure().styled(try FigureStyle(width: "column", font: "Times,16"))
        #expect(relativeError(figure.size.width, 3.35) < 1e-12)
        #expect(figure.size.height == 4)
        #expect(figure.script.contains("size 322,384"))
        #expect(figure.script.contains("font 'Times,8'") && figure.script.contains("fontscale 2.6666 linewidth 2.6666"))
        #expect(figure.script.contains("\\\"Times, Liberation Sans, Arial"))
    }

    /// One of a single layout is scaled as a whole; its letters have the size that was asked for.
    @Test func oneSizeIsScaled() throws {
        let figure = GnuplotFigure(name: "g", caption: "", size: FigureSize(width: 6.7, height: 2), table: Self.table, body: "plot x")
        let narrow = figure.styled(try FigureStyle(width: "column"))
        #expect(relativeError(narrow.size.width, 3.35) < 1e-12 && relativeError(narrow.size.height, 1) < 1e-12)
        #expect(narrow.script.contains("fontscale 0.6667 linewidth 0.6667"))
        let lettered = figure.styled(try FigureStyle(width: "column", font: ",8"))
        #expect(lettered.script.contains("fontscale 1.3333 linewidth 0.6667"))
    }

    /// A table that lies in another file of the folder is named, and not written again.
    @Test func sharedTablesAreNotWritten() throws {
        let figure = GnuplotFigure(
            name: "h", caption: "", size: .oneColumn(height: 1),
            data: [.init(table: Self.table, sharedFile: "histogram.csv"), .init(name: "curves", table: Self.table)], body: "plot x")
        #expect(figure.script.contains("from histogram.csv, h-curves.csv, all"))
    }

    @Test func singlePanelsKeepTheirMargins() {
        let size = FigureSize.oneColumn(height: 2.4)
        #expect(
            GnuplotScript.margins(size, left: 42.21, right: 9.648, bottom: 28.512, top: 5.184)
                == "set margins screen 0.175, screen 0.96, screen 0.165, screen 0.97")
        #expect(size.widened(to: size.width) == size)
        #expect(size.widened(to: 6.7).height > size.height && size.widened(to: 6.7).height < 2 * size.height)
    }
}
