# The Swift step of ffi-tests/run, which reads it: the toolchain, the binding and its tests, the scenarios, the surface, the
# example. A `swift` of this machine is used if there is one; otherwise one is brought into ffi-tests/.toolchains, which takes
# root on Debian, a minute and 2.6 GB.

# The release of Debian that has the compiler.
swift_suite=trixie

need_swift() {
  if type -P swift >/dev/null 2>&1; then return 0; fi
  local root=$PWD/ffi-tests/.toolchains/swift mirror
  if [ -x "$root/usr/bin/swiftc" ]; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "bringing Swift: Debian $swift_suite with its compiler, into ffi-tests/.toolchains"
    # The machine's own mirror.
    mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
    mirror=${mirror:-$(awk '$1 == "deb" { print ($2 ~ /^\[/ ? $3 : $2); exit }' /etc/apt/sources.list 2>/dev/null || true)}
    mkdir -p "${root%/*}"
    # A root that was begun and not finished has no compiler: it is made anew.
    rm -rf "$root" "$root.part"
    if { command -v debootstrap >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq debootstrap >/dev/null; }; } &&
      debootstrap --variant=minbase --include=swiftlang,libc6-dev "$swift_suite" "$root.part" $mirror >"$root.log" 2>&1; then
      rm -f "$root.part"/var/cache/apt/archives/*.deb "$root.log"
      mv "$root.part" "$root"
      return 0
    fi
  fi
  echo "LOUD: Swift is not tested: there is no swift on the PATH and none could be installed (see ${root#"$PWD"/}.log). Install Swift 6.0 or newer, or run this as root on Debian." >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  return 1
}

# Builds a package in the scratch folder that all of them share, so that the binding is compiled once.
swift_build() {
  ffi-tests/swift/in-swift swift build --package-path "$1" --scratch-path target/swift \
    --disable-build-manifest-caching -Xswiftc -warnings-as-errors "${@:2}"
}

swift_step() {
  need_rust
  need_swift || return 0
  say "Swift: the library and the generated sources"
  ffi-tests/generate
  say "Swift: the binding and its tests"
  swift_build bindings/swift --build-tests
  ffi-tests/swift/in-swift swift test --skip-build --package-path bindings/swift --scratch-path target/swift \
    --disable-build-manifest-caching -Xswiftc -warnings-as-errors
  say "Swift: the surface"
  ffi-tests/api/swift-snapshot
  say "Swift: scenarios"
  swift_build ffi-tests/swift/driver --product Driver
  ffi-tests/run-scenarios ffi-tests/scenarios \
    --driver "ffi-tests/swift/in-swift target/swift/debug/Driver" --store all
  say "Swift: the example"
  examples/swift/run --demo
}
