import Foundation
import Guiche

/// `Counter SANDBOX-PORT WEBHOOK-PORT DATABASE [--demo]`; `examples/swift/run` starts it with its sandbox.
@main
enum Counter {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let given = arguments.filter { !$0.hasPrefix("--") }
        guard given.count == 3, let platform = UInt16(given[0]), let webhook = UInt16(given[1]) else {
            FileHandle.standardError.write(Data("usage: Counter SANDBOX-PORT WEBHOOK-PORT DATABASE [--demo]\n".utf8))
            exit(2)
        }
        let sandbox = Sandbox(port: platform)
        let access = Access.sandbox(sandbox.address)
        let company = try Company(path: given[2], access: access, clock: ShiftedClock())
        let receiver = try Receiver(port: webhook, verifyToken: "verify-me") { body, signature in
            company.takes(body, signature)
        }
        var held = true
        if arguments.contains("--demo") {
            let demo = Demo(company, sandbox, receiver, access)
            held = try demo.play()
        } else {
            var commands = Commands(company, sandbox, access)
            commands.run()
        }
        receiver.close()
        company.close()
        exit(held ? 0 : 1)
    }
}
