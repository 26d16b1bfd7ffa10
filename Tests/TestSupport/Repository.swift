import Foundation

/// Places in the checkout that the tests were built from.
public enum Repository {
    public static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    public static let root = tests.deletingLastPathComponent()
}
