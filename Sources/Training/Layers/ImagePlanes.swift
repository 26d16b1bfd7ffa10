import CKernels

/// The images of a batch in groups of eight that lie side by side, one in each lane of a vector; the last group may have fewer.
package struct ImageGroups: Sendable {
    package static let lanes = 8
    package let images: Int
    package var count: Int { (images + Self.lanes - 1) / Self.lanes }

    package init(images: Int) { self.images = images }

    /// How many images of a group are there; they are its first ones.
    package func present(_ group: Int) -> Int { min(Self.lanes, images - group * Self.lanes) }
}

/// Channels of pixels: the shape of what stands between two convolutions, for one image.
package struct ImagePlanes: Sendable, Equatable {
    package let channels: Int
    package let height: Int
    package let width: Int

    package init(channels: Int, height: Int, width: Int) {
        (self.channels, self.height, self.width) = (channels, height, width)
    }

    /// Pixels of a channel.
    package var area: Int { height * width }
    /// The numbers of a group of eight images without a frame, pixel (0, 0) of channel 0 first.
    package var count: Int { channels * area * ImageGroups.lanes }
    /// The numbers of a group whose channels each have a frame of one pixel around them.
    package var framedCount: Int { channels * (height + 2) * framedRow * ImageGroups.lanes }
    /// Where pixel (0, 0) of channel 0 is among them.
    var framedOrigin: Int { (framedRow + 1) * ImageGroups.lanes }
    var framedRow: Int { width + 2 }

    var plain: varlab_planes {
        varlab_planes(channels: channels, height: height, width: width, row: width, plane: area)
    }
    var framed: varlab_planes {
        varlab_planes(channels: channels, height: height, width: width, row: framedRow, plane: (height + 2) * framedRow)
    }
}

/// Groups of images with a frame of zeros around every channel, which a convolution reads.
package struct FramedImages<Scalar: TrainingScalar> {
    let planes: ImagePlanes
    private let start: UnsafeMutablePointer<Scalar>

    /// Memory for `groups` groups whose frames are zero and whose pixels are not set.
    package init(_ pass: Pass<Scalar>, _ planes: ImagePlanes, groups: Int) {
        self.planes = planes
        start = pass.take(groups * planes.framedCount)
        var shape = planes.framed
        for group in 0..<groups { pass.kernels.planes_frame(&shape, self[group]) }
    }

    /// Pixel (0, 0) of channel 0 of a group.
    package subscript(_ group: Int) -> UnsafeMutablePointer<Scalar> { start + (group * planes.framedCount + planes.framedOrigin) }
}

/// Groups of images without frames, as convolutions write them.
package struct PlainImages<Scalar: TrainingScalar> {
    package let planes: ImagePlanes
    private let start: UnsafeMutablePointer<Scalar>

    /// Memory whose pixels are not set.
    package init(_ pass: Pass<Scalar>, _ planes: ImagePlanes, groups: Int) {
        self.planes = planes
        start = pass.take(groups * planes.count)
    }

    package subscript(_ group: Int) -> UnsafeMutablePointer<Scalar> { start + group * planes.count }
}
