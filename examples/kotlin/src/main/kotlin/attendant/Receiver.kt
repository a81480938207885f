package attendant

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import guiche.ChannelKind
import guiche.Engine
import guiche.GuicheException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URLDecoder
import java.util.concurrent.Executors

/** Longest body taken. Meta delivers up to 3 MB. */
private const val LONGEST = 4 * 1024 * 1024

/**
 * The door that the platform knocks at, on loopback. A phone has no such door: its company's server has it (see the README).
 */
class Receiver(private val engine: () -> Engine) : AutoCloseable {
    private val threads = Executors.newFixedThreadPool(2)
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        executor = threads
        createContext("/webhook") { visit -> visit.use { it.answer() } }
        start()
    }

    /** What the platform is told. */
    val address: String get() = "http://127.0.0.1:${server.address.port}/webhook"

    private fun HttpExchange.answer() = when (requestMethod) {
        "GET" -> handshake()
        "POST" -> delivery()
        else -> says(405)
    }

    private fun HttpExchange.handshake() {
        val query = requestURI.rawQuery.orEmpty().split('&').associate {
            it.substringBefore('=') to URLDecoder.decode(it.substringAfter('=', ""), Charsets.UTF_8)
        }
        if (query["hub.mode"] == "subscribe" && query["hub.verify_token"] == VERIFY_TOKEN) {
            says(200, query["hub.challenge"].orEmpty())
        } else {
            says(403)
        }
    }

    /** 200 only once every element is stored; whatever else is said, the platform delivers again. */
    private fun HttpExchange.delivery() {
        val body = requestBody.readNBytes(LONGEST + 1)
        if (body.size > LONGEST) return says(413)
        try {
            engine().ingest(ChannelKind.WHATS_APP, body, requestHeaders.getFirst("X-Hub-Signature-256"))
            says(200)
        } catch (error: GuicheException) {
            says(if (error is GuicheException.Invalid) 401 else 503)
        }
    }

    private fun HttpExchange.says(status: Int, text: String = "") {
        val bytes = text.toByteArray()
        sendResponseHeaders(status, if (bytes.isEmpty()) -1 else bytes.size.toLong())
        responseBody.use { it.write(bytes) }
    }

    override fun close() {
        server.stop(0)
        threads.shutdown()
    }
}
