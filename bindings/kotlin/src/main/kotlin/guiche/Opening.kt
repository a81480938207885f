package guiche

import java.nio.ByteBuffer

/**
 * Takes in a delivery of a platform: checks its signature over the raw bytes, stores every element, and says what became of
 * each. Once this returns it is durable: answer the platform with 200.
 *
 * # Errors
 * `malformed` in field `signature` when it does not prove the sender: nothing is stored. `busy`, `closed`.
 */
fun Engine.ingest(kind: ChannelKind, body: ByteArray, signature: String? = null): IngestReport =
    ingest(kind, body.outside(), signature)

/**
 * Stores a small file from memory.
 *
 * # Errors
 * `media_too_large`, `media_store_failed`.
 */
fun Engine.storeMediaBytes(bytes: ByteArray, filename: String): MediaFile = storeMediaBytes(bytes.outside(), filename)

/**
 * Has [told] called after each commit of this engine, on the thread that committed, with the number up to which events exist.
 * Keep what this returns for as long as you want to be told: closing it, or letting the garbage collector have it, ends it.
 */
fun Engine.onCommit(told: (seq: Long) -> Unit): Subscription = subscribe(object : Listener {
    override fun committed(seq: Long) = told(seq)
})

/** The bytes where the native library reads them in place. */
private fun ByteArray.outside(): ByteBuffer = ByteBuffer.allocateDirect(size).put(this).flip()
