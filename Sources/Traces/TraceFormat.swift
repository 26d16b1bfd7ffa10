/// The formats that a trace is read from, by the ending of a file's name or by its first bytes.
enum TraceFormat {
    case npy, npz, safetensors, csv

    private static let endings: [String: TraceFormat] = ["npy": .npy, "npz": .npz, "safetensors": .safetensors, "csv": .csv]

    /// The ending decides, and the first bytes where there is none, or where it belongs to a pipe. What is neither NumPy's nor a zip
    /// file is CSV then.
    /// - Throws: `TraceError` for what PyTorch saved, with the way to convert it, and for an ending that no format has.
    static func of(_ file: TraceFile) throws(TraceError) -> TraceFormat {
        let (name, ending) = split(file.path)
        let start = try file.bytes(at: 0, count: min(file.size, 16))
        if let error = try torchFile(file, name: name, start: start) { throw error }
        if let format = endings[ending] { return format }
        guard ending.isEmpty || file.isStream else {
            throw TraceError(
                path: file.path, found: "the ending .\(ending)",
                rule: "must be .npy, .npz, .safetensors or .csv; without an ending the first bytes decide")
        }
        if start.starts(with: NpyHeader.magic) { return .npy }
        return ZipDirectory.magics.contains(where: start.starts) ? .npz : .csv
    }

    /// The file's name without folder and ending, and the ending in lower case.
    static func split(_ path: String) -> (name: String, ending: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return (name, "") }
        return (String(name[..<dot]), name[name.index(after: dot)...].lowercased())
    }

    // MARK: What is not read

    /// How a file begins that `torch.save` wrote before version 1.6: the pickle of a number of its own.
    private static let torchMagic: [UInt8] = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

    /// The error for a file of PyTorch's or another pickle: neither is read, since a pickle is a program.
    private static func torchFile(_ file: TraceFile, name: String, start: [UInt8]) throws(TraceError) -> TraceError? {
        let isTorch: Bool
        if ZipDirectory.magics.contains(where: start.starts) {
            // What is no whole zip file has errors of its own.
            let members = try? ZipDirectory.members(of: file)
            isTorch = members?.contains { ($0.member ?? "").split(separator: "/").last == "data.pkl" } ?? false
        } else {
            isTorch = start.starts(with: torchMagic)
        }
        if isTorch {
            return TraceError(
                path: file.path, found: "a file of PyTorch's",
                rule: "convert it: import numpy, torch; numpy.save(\"\(name).npy\", torch.load(\"\(file.path)\").float().numpy())")
        }
        guard start.count > 1, start[0] == 0x80, (2...5).contains(start[1]), endings[split(file.path).ending] == nil else { return nil }
        return TraceError(
            path: file.path, found: "a pickle of Python's",
            rule: "convert it: import numpy, pickle; numpy.save(\"\(name).npy\", pickle.load(open(\"\(file.path)\", \"rb\")))")
    }
}
