import Foundation

/// Takes the platform's deliveries on a port of this machine: the raw bytes of each and its signature go to `deliver`, which
/// says with which status it is answered.
final class Receiver: @unchecked Sendable {
    typealias Deliver = @Sendable (_ body: Data, _ signature: String?) -> Int

    let port: UInt16
    private let socket: Socket

    init(port: UInt16, verifyToken: String, deliver: @escaping Deliver) throws {
        (socket, self.port) = try Socket.listening(on: port)
        Thread.detachNewThread { [socket] in
            while let connection = socket.accepted() {
                Thread.detachNewThread {
                    connection.patience(seconds: 10)
                    guard let asked = try? HttpMessage.read(from: connection) else { return }
                    let (status, text) = Receiver.answer(asked, verifyToken, deliver)
                    let head = "HTTP/1.1 \(status) -\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
                    try? connection.write(Data((head + text).utf8))
                }
            }
        }
    }

    func close() {
        socket.end()
    }

    private static func answer(_ asked: HttpMessage, _ token: String, _ deliver: Deliver) -> (Int, String) {
        guard asked.start.count >= 2, let target = URLComponents(string: asked.start[1]), target.path == "/webhook" else {
            return (404, "")
        }
        if asked.start[0] == "POST" {
            return (deliver(asked.body, asked.headers["x-hub-signature-256"]), "")
        }
        // The handshake by which the platform makes sure whose address it is.
        let said = Dictionary(
            (target.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        return said["hub.verify_token"] == token ? (200, said["hub.challenge"] ?? "") : (403, "")
    }
}
