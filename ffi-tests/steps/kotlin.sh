# The Kotlin step of ffi-tests/run, which reads it: JDK and Maven, the binding and its tests, the scenarios, the surface, the example.

need_kotlin() {
  if ! command -v javac >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "installing a JDK and Maven"
      { apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jdk-headless maven >/dev/null; } || true
    fi
  fi
  if ! command -v javac >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    echo "LOUD: Kotlin is not tested: a JDK (17 or newer) and Maven are missing and could not be installed. On Debian: apt-get install openjdk-17-jdk-headless maven" >&2
    if [ "${CI:-}" = true ]; then exit 1; fi
    return 1
  fi
}

kotlin() {
  need_rust
  need_kotlin || return 0
  say "Kotlin: the library and the generated sources"
  ffi-tests/generate
  local crates jar
  crates=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
  jar=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>/\1/p' bindings/kotlin/pom.xml)
  if [ "$crates" != "$jar" ]; then
    echo "bindings/kotlin/pom.xml is version $jar, and the crates are $crates" >&2
    exit 1
  fi
  say "Kotlin: the binding and its tests"
  mvn -B -q -f bindings/kotlin/pom.xml install
  say "Kotlin: the surface"
  ffi-tests/api/kotlin-snapshot
  say "Kotlin: scenarios"
  local path=target/kotlin/test-classes:target/kotlin/classes
  path=$path:$(cat target/kotlin/class-path)
  ffi-tests/run-scenarios ffi-tests/scenarios \
    --driver "java -cp $path guiche.scenarios.DriverKt" --store all
  say "Kotlin: the example"
  examples/kotlin/run
}
