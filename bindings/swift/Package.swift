// swift-tools-version: 6.0

import PackageDescription

// The library of the engine, as `ffi-tests/generate` builds it. An app's own package takes the XCFramework in its place
// (README, "On a phone").
let library = Context.environment["GUICHE_LIBRARY"]
let target = Context.packageDirectory + "/../../target"

func found(in folder: String) -> [String] {
    ["-L", folder, "-Xlinker", "-rpath", "-Xlinker", folder]
}

let package = Package(
    name: "Guiche",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Guiche", targets: ["Guiche"])
    ],
    targets: [
        .systemLibrary(name: "GuicheFFI"),
        .target(
            name: "Guiche",
            dependencies: ["GuicheFFI"],
            linkerSettings: [
                .unsafeFlags(found(in: library ?? target + "/debug"), .when(configuration: .debug)),
                .unsafeFlags(found(in: library ?? target + "/release"), .when(configuration: .release)),
            ]
        ),
        .testTarget(name: "GuicheTests", dependencies: ["Guiche"]),
    ],
    swiftLanguageModes: [.v6]
)
