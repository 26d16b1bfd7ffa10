import Files
import Training

extension ParallelText {
    /// The SHA-256 of its sentences as they are learned, a tab between the sides and a line for each pair.
    var digest: String {
        let hash = SHA256()
        for pair in pairs {
            Array("\(pair.source)\t\(pair.target)\n".utf8).withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimal()
    }
}
