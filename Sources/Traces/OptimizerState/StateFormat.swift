/// The formats that an optimizer's state is read from. The first bytes decide: endings such as `.bin` say nothing.
enum StateFormat {
    case safetensors
    case torch

    /// - Throws: `TraceError` for what PyTorch wrote before version 1.6, with the line that converts it, and for what is none of them.
    static func of(_ file: TraceFile) throws(TraceError) -> StateFormat {
        if file.size == 0 {
            throw TraceError(path: file.path, position: .byte(0), found: "an empty file", rule: "must have an optimizer's state")
        }
        let start = try file.bytes(at: 0, count: min(file.size, 512))
        let (name, ending) = TraceFormat.split(file.path)
        func convert(_ found: String) -> TraceError {
            TraceError(
                path: file.path, found: found,
                rule: "convert it: import torch; torch.save(torch.load(\"\(file.path)\", weights_only=True), \"\(name)-new.pt\")")
        }
        if ZipDirectory.magics.contains(where: start.starts) { return .torch }
        if start.starts(with: TraceFormat.torchMagic) { throw convert("a file of PyTorch's before version 1.6, or saved in its format") }
        // The first member of a tar file, and the mark of the format behind its name and sizes.
        if start.count >= 262, start[257..<262].elementsEqual("ustar".utf8) || start.starts(with: "sys_info\0".utf8) {
            throw convert("a tar file, as PyTorch's before version 0.2")
        }
        // A header of a safetensors file begins with a brace, after its length in 8 bytes.
        if ending == "safetensors" || start.dropFirst(8).first == 0x7b { return .safetensors }
        if start.count > 1, start[0] == 0x80, (2...5).contains(start[1]) {
            throw TraceError(path: file.path, position: .byte(0), found: "a pickle of Python's", rule: "must be in a file that torch.save wrote")
        }
        throw TraceError(
            path: file.path, position: .byte(0), found: TraceError.quote(start.prefix(8)),
            rule: "must be a .safetensors file or one that torch.save wrote")
    }
}
