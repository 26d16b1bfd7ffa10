/// An optimizer's state in a `.safetensors` file.
enum SafetensorsState {
    static func contents(of file: TraceFile) throws(TraceError) -> StateContents {
        StateContents(
            tensors: try SafetensorsHeader(file).tensors.map { tensor in
                StateTensor(
                    name: tensor.name, dtype: tensor.dtype, format: tensor.format, shape: tensor.axes, offset: tensor.bytes.lowerBound,
                    order: ElementOrder(count: tensor.axes.contains(0) ? 0 : tensor.axes.reduce(1, *)), position: .byte(tensor.position))
            })
    }
}
