package attendant

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.concurrent.TimeUnit

const val APP_SECRET = "s3cret"
const val TOKEN = "t0ken"
const val VERIFY_TOKEN = "verify-me"
const val NUMBER_ID = "20000000000000001"
const val WABA_ID = "30000000000000001"

/** The sandbox as a process of this machine: what plays Meta and the people. */
class Sandbox(private val program: String, private val callback: String) : AutoCloseable {
    private val http = HttpClient.newHttpClient()

    /** Where it listens. */
    var port = 0
        private set
    private var process: Process? = null

    private val address get() = "http://127.0.0.1:$port"

    /** Starts it, on a port that is free. */
    fun start() {
        val started = ProcessBuilder(
            program, "--listen", "127.0.0.1:0", "--callback", callback, "--verify-token", VERIFY_TOKEN,
            "--app-secret", APP_SECRET, "--token", TOKEN, "--phone-number-id", NUMBER_ID, "--waba-id", WABA_ID,
        ).redirectError(ProcessBuilder.Redirect.to(File("/dev/null"))).start()
        val said = started.inputStream.bufferedReader().readLine() ?: error("the sandbox did not start")
        port = URI(said).port
        process = started
    }

    /** Ends it: the platform is gone for good. */
    fun stop() {
        process?.run {
            destroy()
            check(waitFor(10, TimeUnit.SECONDS)) { "the sandbox does not end" }
        }
        process = null
    }

    override fun close() = stop()

    /** Maria, or whoever has the phone, writes. */
    fun writes(phone: String, name: String, text: String) {
        tell("text", """{"phone":${quoted(phone)},"name":${quoted(name)},"text":${quoted(text)}}""")
    }

    /** The next message is taken, and the answer lost. */
    fun losesTheNextAnswer() = tell("fault", """{"fault":"lost_answer"}""")

    /** Its clock goes on. */
    fun advance(by: Duration) = tell("clock", """{"advance_ms":${by.toMillis()}}""")

    /** How many of the messages that it took hold these words. */
    fun tookWith(words: String): Int {
        val answer = http.send(HttpRequest.newBuilder(URI("$address/control/received")).build(), HttpResponse.BodyHandlers.ofString())
        return answer.body().split("\"accepted\":true").drop(1).count { words in it }
    }

    private fun tell(what: String, body: String) {
        val request = HttpRequest.newBuilder(URI("$address/control/$what")).POST(HttpRequest.BodyPublishers.ofString(body)).build()
        val answer = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "the sandbox answers ${answer.statusCode()}: ${answer.body()}" }
    }

    private fun quoted(text: String): String = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
}
