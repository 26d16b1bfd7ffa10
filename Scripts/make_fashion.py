"""Writes Sources/CDatasets/Files/fashion: part of Fashion-MNIST at a quarter of its pixels, in the same format.

Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747; Zalando SE, MIT licence) as packaged in Debian's
dataset-fashion-mnist. The result follows from its bytes alone, for one version of zlib:

    python3 Scripts/make_fashion.py /usr/share/datasets/fashion-mnist Sources/CDatasets/Files/fashion

The first 12,000 training and the first 2,000 test images. Each 2x2 pixels become one: a quarter of their sum, rounded, a half up.
"""
import gzip
import sys
import zlib

SIDE = 28
COUNTS = {"train": 12_000, "t10k": 2_000}


def contents(path, magic):
    """What follows an IDX file's header, whose magic number and shape must be as expected."""
    data = gzip.open(path).read()
    dimensions = 3 if magic == b"\0\0\x08\x03" else 1
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(dimensions)]
    assert data[:4] == magic and shape[1:] == [SIDE, SIDE][:dimensions - 1], path
    return data[4 + 4 * dimensions:]


def halved(image):
    """The means of 2x2 pixels, row by row."""
    for row in range(0, SIDE, 2):
        for column in range(0, SIDE, 2):
            place = row * SIDE + column
            yield (image[place] + image[place + 1] + image[place + SIDE] + image[place + SIDE + 1] + 2) // 4


def write(path, data):
    """A gzip file without a name or a time in it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31, 9)
    with open(path, "wb") as file:
        file.write(deflate.compress(data) + deflate.flush())


def main():
    source, target = sys.argv[1:]
    for part, count in COUNTS.items():
        images = contents(f"{source}/{part}-images-idx3-ubyte.gz", b"\0\0\x08\x03")
        labels = contents(f"{source}/{part}-labels-idx1-ubyte.gz", b"\0\0\x08\x01")
        pixels = bytes(pixel for i in range(count) for pixel in halved(images[i * SIDE * SIDE:(i + 1) * SIDE * SIDE]))
        shape = b"".join(number.to_bytes(4, "big") for number in (count, SIDE // 2, SIDE // 2))
        write(f"{target}/{part}-images-idx3-ubyte.gz", b"\0\0\x08\x03" + shape + pixels)
        write(f"{target}/{part}-labels-idx1-ubyte.gz", b"\0\0\x08\x01" + count.to_bytes(4, "big") + labels[:count])


main()
