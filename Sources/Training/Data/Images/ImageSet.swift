import CDatasets
import Errors
import Files
import Foundation

/// A data set of images: some to learn from, some to be tested on.
public struct ImageSet: Sendable {
    /// What a run's record calls it: `fashion`, or the folder as the user named it.
    public let name: String
    public let training: LabelledImages
    public let test: LabelledImages
    /// How many labels there are: 0 to one less.
    public let classes: Int

    /// Part of Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747; MIT licence), which comes with the package: 12,000 training
    /// and 2,000 test images of ten kinds of clothing, averaged to 14×14 pixels.
    public static func fashion() -> ImageSet {
        func part(_ images: varlab_dataset, _ labels: varlab_dataset) throws(InputError) -> LabelledImages {
            func file(_ dataset: varlab_dataset) -> ReadableFile {
                ReadableFile(path: "fashion", bytes: Array(UnsafeBufferPointer(start: dataset.bytes, count: dataset.count)))
            }
            return try IDXFile.images(file(images), labels: file(labels))
        }
        do {
            let training = try part(varlab_dataset_fashion_training_images(), varlab_dataset_fashion_training_labels())
            let test = try part(varlab_dataset_fashion_test_images(), varlab_dataset_fashion_test_labels())
            return ImageSet(name: "fashion", training: training, test: test, classes: 10)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    public static let fashionShape = ImageShape(channels: 1, height: 14, width: 14)

    /// The first images of each part, or as many as there are.
    public func first(training: Int, test: Int) -> ImageSet {
        ImageSet(
            name: name, training: self.training.selecting(Array(0..<min(training, self.training.count))),
            test: self.test.selecting(Array(0..<min(test, self.test.count))), classes: classes)
    }

    /// The handwritten digits that come with the package, by their ``DigitSplit``.
    public static func digits() -> ImageSet {
        let digits = Digits()
        let split = DigitSplit(digits)
        return ImageSet(
            name: "digits", training: digits.images.selecting(split.training), test: digits.images.selecting(split.test), classes: 10)
    }

    /// A folder with the four files of MNIST's format (``IDXFile``), or the six of CIFAR-10's binary version (``CIFARFile``), compressed by
    /// gzip or not.
    /// - Throws: `InputError` for a folder without such files, and for files that are cut, too long, or do not belong together.
    public init(folder: String) throws(InputError) {
        let first = try ["train-images-idx3-ubyte", "data_batch_1.bin"].map { name throws(InputError) in Self.path(of: name, in: folder) }
        switch (first[0], first[1]) {
        case (nil, nil):
            throw InputError(
                path: folder, found: "neither train-images-idx3-ubyte nor data_batch_1.bin is in it",
                rule: "a folder with the files of MNIST's or of CIFAR-10's binary format is needed")
        case (_?, _?):
            throw InputError(
                path: folder, found: "train-images-idx3-ubyte and data_batch_1.bin are in it", rule: "must be the files of one data set")
        case (_?, nil): try self.init(idx: folder)
        case (nil, _?): try self.init(cifar: folder)
        }
    }

    private init(idx folder: String) throws(InputError) {
        let training = try IDXFile.images(
            Self.file("train-images-idx3-ubyte", in: folder), labels: Self.file("train-labels-idx1-ubyte", in: folder))
        let classes = Int(training.labels.max() ?? 0) + 1
        guard classes > 1 else {
            throw InputError(
                path: Self.path(of: "train-labels-idx1-ubyte", in: folder) ?? folder, found: "only label 0", rule: "at least two kinds of images are needed")
        }
        let labels = try Self.file("t10k-labels-idx1-ubyte", in: folder)
        let test = try IDXFile.images(Self.file("t10k-images-idx3-ubyte", in: folder), labels: labels, shape: training.shape)
        if let place = test.labels.firstIndex(where: { $0 >= classes }) {
            throw try InflatedFile(labels).error(
                at: IDXFile.labelsBegin + place, found: "label \(test.labels[place])", rule: "the training labels end at \(classes - 1)")
        }
        self.init(name: folder, training: training, test: test, classes: classes)
    }

    private init(cifar folder: String) throws(InputError) {
        var files: [ReadableFile] = []
        for number in 1...5 { files.append(try Self.file("data_batch_\(number).bin", in: folder)) }
        let training = try CIFARFile.images(files)
        let test = try CIFARFile.images([Self.file("test_batch.bin", in: folder)], count: training.count / files.count)
        self.init(name: folder, training: training, test: test, classes: CIFARFile.classes)
    }

    private init(name: String, training: LabelledImages, test: LabelledImages, classes: Int) {
        self.name = name
        self.training = training
        self.test = test
        self.classes = classes
    }

    /// The SHA-256 of shapes, pixels and labels.
    public var digest: String {
        let hash = SHA256()
        for part in [training, test] {
            hash.update(Array("\(part.count)×\(part.shape.channels)×\(part.shape.height)×\(part.shape.width)\n".utf8))
            hash.update(part.pixels)
            hash.update(part.labels)
        }
        return hash.hexadecimal()
    }

    /// The file of a name, or of the name with `.gz` behind it; nil where there is neither.
    private static func path(of name: String, in folder: String) -> String? {
        ["", ".gz"].map { FileSystem.join(folder, name + $0) }.first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func file(_ name: String, in folder: String) throws(InputError) -> ReadableFile {
        try ReadableFile.open(path(of: name, in: folder) ?? folder + "/" + name)
    }
}

extension LabelledImages {
    /// Some of the images, by their numbers.
    fileprivate func selecting(_ numbers: [Int]) -> LabelledImages {
        LabelledImages(
            shape: shape, pixels: numbers.flatMap { pixels[($0 * shape.count)..<(($0 + 1) * shape.count)] }, labels: numbers.map { labels[$0] })
    }
}
