package attendant

import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.ConcurrentHashMap
import kotlin.concurrent.thread

/**
 * The way to the platform: a relay on loopback that can be cut. While it is, whoever calls finds nobody, as a phone does in a
 * lift; the sandbox behind it goes on.
 */
class Network(private val to: () -> Int) : AutoCloseable {
    private val connections: MutableSet<Socket> = ConcurrentHashMap.newKeySet()
    private var door = open(0)
    private val port = door.localPort

    /** Where the platform's API is, seen from the app. */
    val address: String get() = "http://127.0.0.1:$port"

    /** Nobody is reached any more. */
    fun cut() {
        door.close()
        connections.forEach { it.close() }
        connections.clear()
    }

    /** The network is back, at the address that it had. */
    fun mend() {
        door = open(port)
    }

    override fun close() = cut()

    private fun open(port: Int): ServerSocket {
        val door = ServerSocket()
        door.reuseAddress = true
        door.bind(java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        thread(isDaemon = true, name = "network") {
            try {
                while (true) relay(door.accept())
            } catch (_: IOException) {
                // It was cut.
            }
        }
        return door
    }

    private fun relay(caller: Socket) {
        val platform = try {
            Socket(InetAddress.getLoopbackAddress(), to())
        } catch (_: IOException) {
            return caller.close()
        }
        connections += listOf(caller, platform)
        carry(caller.getInputStream(), platform.getOutputStream(), platform)
        carry(platform.getInputStream(), caller.getOutputStream(), caller)
    }

    /** Carries bytes until there are none, and then says so to the other end. */
    private fun carry(from: InputStream, to: OutputStream, end: Socket) {
        thread(isDaemon = true, name = "relay") {
            try {
                val bytes = ByteArray(16 * 1024)
                while (true) {
                    val read = from.read(bytes)
                    if (read < 0) break
                    to.write(bytes, 0, read)
                }
            } catch (_: IOException) {
                // It was cut, or one end went away.
            } finally {
                runCatching { end.close() }
                connections -= end
            }
        }
    }
}
