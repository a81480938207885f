package guiche

/**
 * Has [told] called after each commit of this engine, on the thread that committed, with the number up to which events exist.
 * Keep what this returns for as long as you want to be told: closing it, or letting the garbage collector have it, ends it.
 */
fun Engine.onCommit(told: (seq: Long) -> Unit): Subscription = subscribe(object : Listener {
    override fun committed(seq: Long) = told(seq)
})
