import Files
import Foundation
import Report
import TestSupport
import Testing

/// What an interrupt does to a process is seen from outside: each body below runs in a process of its own.
struct InterruptTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func aBusyProcessDiesOfTheSignalAndLeavesNothing() async throws {
        let path = scratch.path
        let start = ContinuousClock.now
        await #expect(processExitsWith: .signal(SIGINT)) { [path = path as String] in
            installInterruptHandler()
            let folder = try OutputFolder(path: path + "/a/b")
            try folder.write([UInt8](repeating: 1, count: 100_000), as: "unfinished")
            Thread.detachNewThread {
                usleep(200_000)
                kill(getpid(), SIGINT)
            }
            // Every thread of Dispatch is busy, as in a simulation.
            DispatchQueue.concurrentPerform(iterations: 64) { _ in
                let start = Date()
                while Date().timeIntervalSince(start) < 1200 {}
            }
            folder.discard()
        }
        // At once, though all tests share the processor: long before the twenty minutes of the work.
        #expect(ContinuousClock.now - start < .seconds(600))
        #expect(scratch.names == [])
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func otherSignals(number: Int32) async throws {
        let path = scratch.path
        let status: ExitTest.Condition = .signal(number)
        await #expect(processExitsWith: status) { [path = path as String, number = number as Int32] in
            installInterruptHandler()
            let folder = try OutputFolder(path: path + "/out")
            kill(getpid(), number)
            usleep(20_000_000)
            try folder.commit()
        }
        #expect(scratch.names == [])
    }

    /// A gnuplot that never ends, and a program that it started, are killed with the process that started them.
    @Test(.enabled(if: hasGnuplot)) func aChildProgramDiesToo() async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGTERM)) { [path = path as String] in
            installInterruptHandler()
            let folder = try OutputFolder(path: path + "/out")
            let figure = GnuplotFigure(
                name: "f", caption: "", size: .oneColumn(height: 2), table: Table([Column("x", [1])]),
                body: """
                    system("echo $PPID $$ > '\(path)/new'; mv '\(path)/new' '\(path)/children'; exec sleep 300")
                    """)
            try figure.write(to: folder)
            Thread.detachNewThread {
                while !FileManager.default.fileExists(atPath: path + "/children") { usleep(10_000) }
                kill(getpid(), SIGTERM)
            }
            try GnuplotRenderer().render([figure], in: folder)
        }
        #expect(scratch.names == ["children"])
        let children = try #require(scratch.text("children")).split { !$0.isNumber }.compactMap { Int32($0) }
        #expect(children.count == 2)
        for child in children {
            // It was told to die before its parent died; it may take a moment.
            for _ in 0..<100 where isRunning(child) { usleep(20_000) }
            #expect(!isRunning(child))
        }
    }

    @Test func whatIsIgnoredStaysIgnored() async {
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGHUP, SIG_IGN)
            installInterruptHandler()
            kill(getpid(), SIGHUP)
            usleep(200_000)
            exit(7)
        }
    }

    @Test func standardOutputThatIsClosedIsAQuietEnd() async {
        await #expect(processExitsWith: .exitCode(3)) {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            dup2(ends[1], STDOUT_FILENO)
            close(ends[0])
            do throws(OutputError) {
                try OutputFile(path: OutputFile.standardOutput).write([1])
            } catch {
                exit(error.isClosedPipe ? 3 : 4)
            }
            exit(5)
        }
    }

    #if os(Linux)
        @Test func standardOutputToAFullDisk() async {
            await #expect(processExitsWith: .exitCode(3)) {
                dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
                for path in ["-", "/dev/stdout", "/dev/fd/1"] {
                    do throws(OutputError) {
                        try OutputFile(path: path).write([1])
                        exit(4)
                    } catch {
                        if error.reason != .system(operation: "write to it", code: ENOSPC) { exit(5) }
                    }
                }
                exit(3)
            }
        }
    #endif

    /// Whether there is such a process, and not just what is left of one that nobody waited for.
    private func isRunning(_ process: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return kill(process, 0) == 0 && status?.contains(") Z ") != true
    }
}
