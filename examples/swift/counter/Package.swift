// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "Counter",
    platforms: [.macOS(.v12)],
    dependencies: [.package(path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "Counter", dependencies: [.product(name: "Guiche", package: "swift")])
    ],
    swiftLanguageModes: [.v6]
)
