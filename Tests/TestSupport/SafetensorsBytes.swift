/// The bytes of a .safetensors file of float32 tensors.
public func safetensorsBytes(_ tensors: [(name: String, values: [Float])]) -> [UInt8] {
    var header: [String] = []
    var data: [UInt8] = []
    for (name, values) in tensors {
        let start = data.count
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
        header.append("\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(values.count)],\"data_offsets\":[\(start),\(data.count)]}")
    }
    let text = Array("{\(header.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
}

/// Adam's state of several tensors as such a file: exp_avg and exp_avg_sq of each, and its step where there is one.
public func stateBytes(_ tensors: [(name: String, first: [Float], second: [Float], step: Int?)]) -> [UInt8] {
    safetensorsBytes(tensors.flatMap { tensor in
        [("\(tensor.name).exp_avg", tensor.first), ("\(tensor.name).exp_avg_sq", tensor.second)]
            + (tensor.step.map { [("\(tensor.name).step", [Float($0)])] } ?? [])
    })
}
