import Foundation
import Guiche

/// What an operation came to, as JSON.
struct Outcome {
    let json: String
    /// Whether the request had been carried out before, for what returns a `Done`.
    let repeated: Bool?

    init(json: String, repeated: Bool? = nil) {
        self.json = json
        self.repeated = repeated
    }

    static let nothing = Outcome(json: "null")
}

/// The driver does not know what to do.
struct Trouble: Error {
    let words: String
}

/// One of the runner's requests.
struct Request {
    private let fields: [String: Any]

    init(_ line: String) throws {
        guard let fields = try parsed(line) as? [String: Any] else { throw Trouble(words: "a request is an object") }
        self.fields = fields
    }

    func value(_ key: String) throws -> Any {
        guard let value = fields[key] else { throw Trouble(words: "the request has no \(key)") }
        return value
    }

    func string(_ key: String) throws -> String {
        try text(value(key))
    }

    func stringIfAny(_ key: String) throws -> String? {
        try maybe(value(key)) { try text($0) }
    }
}

/// Any JSON, read.
func parsed(_ json: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(json.utf8), options: [.fragmentsAllowed])
}

/// Any JSON, written.
func written(_ value: Any) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys])
    return String(decoding: data, as: UTF8.self)
}

// What `Operations.swift` reads arguments with.

func flag(_ value: Any) throws -> Bool {
    guard let flag = value as? Bool else { throw Trouble(words: "not a truth value") }
    return flag
}

func number(_ value: Any) throws -> Int64 {
    guard let number = value as? NSNumber else { throw Trouble(words: "not a number") }
    return number.int64Value
}

func count(_ value: Any) throws -> UInt32 {
    guard let count = UInt32(exactly: try number(value)) else { throw Trouble(words: "not a count") }
    return count
}

func size(_ value: Any) throws -> UInt64 {
    guard let size = UInt64(exactly: try number(value)) else { throw Trouble(words: "not a size") }
    return size
}

func text(_ value: Any) throws -> String {
    guard let text = value as? String else { throw Trouble(words: "not a text") }
    return text
}

func instant(_ value: Any) throws -> Date {
    Date(timeIntervalSince1970: Double(try number(value)) / 1_000)
}

func id(_ value: Any) throws -> Int64 {
    guard let id = Int64(try text(value)) else { throw Trouble(words: "not an id") }
    return id
}

func list(_ value: Any) throws -> [Any] {
    guard let list = value as? [Any] else { throw Trouble(words: "not a list") }
    return list
}

func maybe<T>(_ value: Any, _ read: (Any) throws -> T) throws -> T? {
    value is NSNull ? nil : try read(value)
}

// What it writes outcomes with.

func quoted(_ text: String) -> String {
    var out = "\""
    for unit in text.unicodeScalars {
        switch unit {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case _ where unit.value < 0x20: out += String(format: "\\u%04x", unit.value)
        default: out.unicodeScalars.append(unit)
        }
    }
    return out + "\""
}

func quoted(_ id: Int64) -> String {
    "\"\(id)\""
}

func joined(_ items: [String]) -> String {
    "[" + items.joined(separator: ",") + "]"
}

func milliseconds(_ at: Date) -> String {
    String(Int64((at.timeIntervalSince1970 * 1_000).rounded()))
}
