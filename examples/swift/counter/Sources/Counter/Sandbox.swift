import Foundation

/// The sandbox from outside: it plays the people, moves its clock, and tells what it was given.
struct Sandbox: Sendable {
    let port: UInt16

    var address: String { "http://127.0.0.1:\(port)" }

    @discardableResult
    func asks(_ method: String, _ path: String, _ body: [String: Any] = [:]) throws -> [String: Any] {
        let json = try JSONSerialization.data(withJSONObject: body)
        let socket = try Socket.connected(to: port)
        socket.patience(seconds: 10)
        let head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: \(json.count)\r\n\r\n"
        try socket.write(Data(head.utf8) + json)
        guard let answer = try HttpMessage.read(from: socket), answer.start.dropFirst().first == "200" else {
            throw SocketError(what: "\(method) \(path)")
        }
        return try JSONSerialization.jsonObject(with: answer.body) as? [String: Any] ?? [:]
    }

    func writes(_ text: String, name: String, phone: String) throws {
        try asks("POST", "/control/text", ["phone": phone, "name": name, "text": text])
    }

    func letsPass(_ seconds: TimeInterval) throws {
        try asks("POST", "/control/clock", ["advance_ms": Int(seconds * 1_000)])
    }

    /// What it took, as kind and JSON of the body.
    func taken() throws -> [(kind: String, body: String)] {
        let messages = try asks("GET", "/control/received")["messages"] as? [[String: Any]] ?? []
        return messages.filter { $0["accepted"] as? Bool == true }.map { message in
            (message["kind"] as? String ?? "", "\(message["body"] ?? "")")
        }
    }
}
