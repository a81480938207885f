import Foundation

#if canImport(Glibc)
import Glibc
private let stream = Int32(SOCK_STREAM.rawValue)
/// A connection that is gone is an error, and no signal that ends the process.
private let quietly = Int32(MSG_NOSIGNAL)
#else
import Darwin
private let stream = SOCK_STREAM
private let quietly: Int32 = 0
#endif

/// What the operating system did not do.
struct SocketError: Error {
    let what: String
}

/// A TCP connection on loopback, or something that listens for them: just what a demonstration needs.
final class Socket: @unchecked Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private static func made() throws -> Socket {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw SocketError(what: "socket") }
        return Socket(descriptor)
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Listens on a port of this machine alone; 0 takes a free one.
    static func listening(on port: UInt16) throws -> (Socket, port: UInt16) {
        let socket = try made()
        var yes: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket.descriptor, address, length) == 0 && listen(socket.descriptor, 16) == 0
                    && getsockname(socket.descriptor, address, &length) == 0
            }
        }
        guard done else { throw SocketError(what: "listen on \(port)") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    static func connected(to port: UInt16) throws -> Socket {
        let socket = try made()
        var address = loopback(port)
        let done = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(socket.descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard done else { throw SocketError(what: "connect to \(port)") }
        return socket
    }

    /// The next connection; nil once nothing listens any more.
    func accepted() -> Socket? {
        let found = accept(descriptor, nil, nil)
        return found < 0 ? nil : Socket(found)
    }

    /// Nobody waits for more than this.
    func patience(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The bytes that come next; empty at the end.
    func read() throws -> Data {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw SocketError(what: "receive") }
        return Data(bytes[..<count])
    }

    func write(_ data: Data) throws {
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, quietly) }
            guard count > 0 else { throw SocketError(what: "send") }
            rest = rest.dropFirst(count)
        }
    }

    /// Wakes whoever waits in `accepted`.
    func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// A head of HTTP/1.1 and the body that it announces.
struct HttpMessage {
    /// The first line, split at its spaces.
    let start: [String]
    /// By names in small letters.
    let headers: [String: String]
    let body: Data

    /// Reads one from a connection; nil for what is none, or is larger than a webhook may be.
    static func read(from socket: Socket, limit: Int = 4 << 20) throws -> HttpMessage? {
        var bytes = Data()
        let gap = Data("\r\n\r\n".utf8)
        var end = bytes.range(of: gap)
        while end == nil {
            let more = try socket.read()
            guard !more.isEmpty, bytes.count < 32_768 else { return nil }
            bytes += more
            end = bytes.range(of: gap)
        }
        guard let end, let head = String(data: bytes[..<end.lowerBound], encoding: .utf8) else { return nil }
        var lines = head.components(separatedBy: "\r\n")
        let start = lines.removeFirst().components(separatedBy: " ")
        var headers: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = Int(headers["content-length"] ?? "0") ?? -1
        guard (0...limit).contains(length) else { return nil }
        var body = Data(bytes[end.upperBound...])
        while body.count < length {
            let more = try socket.read()
            guard !more.isEmpty else { return nil }
            body += more
        }
        return HttpMessage(start: start, headers: headers, body: Data(body.prefix(length)))
    }
}
