import Foundation

/// The bytes of a `run.json`: keys in snake case and sorted, so that equal runs give equal bytes.
/// - Precondition: every number in the record is finite; what makes a record has checked its parameters.
func runRecordBytes(_ record: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return [UInt8](try! encoder.encode(record)) + [UInt8(ascii: "\n")]
}
