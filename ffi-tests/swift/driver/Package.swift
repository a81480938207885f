// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "GuicheDriver",
    platforms: [.macOS(.v12)],
    dependencies: [.package(path: "../../../bindings/swift")],
    targets: [
        // Speaks `ffi-tests/DRIVERS.md`.
        .executableTarget(name: "Driver", dependencies: [.product(name: "Guiche", package: "swift")]),
        // What a call costs; `ffi-tests/swift/measure` runs it beside the same in Rust.
        .executableTarget(name: "Measure", dependencies: [.product(name: "Guiche", package: "swift")]),
    ],
    swiftLanguageModes: [.v6]
)
