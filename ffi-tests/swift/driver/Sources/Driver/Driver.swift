import Foundation

/// Answers the runner's requests, a line of JSON each (`ffi-tests/DRIVERS.md`), until its input ends.
@main
enum Driver {
    static func main() {
        let stage = Stage()
        while let line = readLine() {
            print(answer(to: line, on: stage))
            fflush(nil)
        }
    }

    private static func answer(to line: String, on stage: Stage) -> String {
        do {
            let request = try Request(line)
            let outcome = try stage.answer(request)
            let repeated = outcome.repeated.map { ",\"repeated\":\($0)" } ?? ""
            return "{\"ok\":\(outcome.json)\(repeated)}"
        } catch let failed as Failed {
            return failed.answer
        } catch let trouble as Trouble {
            return "{\"trouble\":\(quoted(trouble.words))}"
        } catch {
            return "{\"trouble\":\(quoted("\(error)"))}"
        }
    }
}
