import Report

/// Up to three panels in a row, each with axes of its own.
struct HistogramPanels {
    let size: FigureSize
    let grid: PanelGrid

    init(count: Int) {
        let columns = min(3, max(count, 1))
        let rows = max(1, (count + columns - 1) / columns)
        size = .twoColumns(height: rows > 1 ? 3.5 : 2.1)
        grid = PanelGrid(
            rows: rows, columns: columns, count: max(count, 1), size: size, left: 34, right: 8, bottom: 28, top: 32,
            columnGap: 28, rowGap: 34)
    }
}
