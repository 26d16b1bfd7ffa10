"""Writes Sources/CKernels/powers_of_five.h: 5^q for q from -342 to 308, as 128 bits of which the first is set.

Cut off, but for the reciprocals of powers that have fewer than 64 bits, which are rounded up, as the algorithm of D. Lemire's "Number parsing at a gigabyte per second" (Software: Practice and
Experience 51, 2021) wants them.

    python3 Scripts/powers_of_five.py > Sources/CKernels/powers_of_five.h
"""
SMALLEST, LARGEST = -342, 308


def power(q):
    five = 5 ** abs(q)
    if q >= 0:
        shift = five.bit_length() - 128
        return five >> shift if shift >= 0 else five << -shift
    if q >= -27:
        return 2 ** (five.bit_length() + 127) // five + 1
    value = 2 ** (2 * five.bit_length() + 128) // five + 1
    return value >> value.bit_length() - 128


print("// Made by Scripts/powers_of_five.py; do not edit.")
print("#ifndef VARLAB_POWERS_OF_FIVE_H\n#define VARLAB_POWERS_OF_FIVE_H\n")
print("#include <stdint.h>\n")
print(f"#define SMALLEST_POWER ({SMALLEST})\n#define LARGEST_POWER {LARGEST}\n")
print("// The upper 64 bits, then the lower ones.")
print(f"static const uint64_t powers_of_five[{LARGEST - SMALLEST + 1}][2] = {{")
for q in range(SMALLEST, LARGEST + 1):
    value = power(q)
    assert value.bit_length() == 128
    print(f"    {{0x{value >> 64:016x}, 0x{value & (2 ** 64 - 1):016x}}},")
print("};\n\n#endif")
