package attendant

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.deleteRecursively
import kotlin.system.exitProcess

/** `--sandbox PROGRAM [--interactive]`. */
@OptIn(ExperimentalPathApi::class)
fun main(arguments: Array<String>) {
    val program = arguments.getOrNull(arguments.indexOf("--sandbox") + 1) ?: exitWith("usage: --sandbox PROGRAM [--interactive]")
    val folder = Files.createTempDirectory("guiche-attendant-")
    val done = runCatching { open(program, folder, "--interactive" in arguments) }
    folder.deleteRecursively()
    done.exceptionOrNull()?.let { trouble ->
        trouble.printStackTrace()
        exitProcess(1)
    }
}

private fun open(program: String, folder: Path, interactive: Boolean) {
    lateinit var counter: Counter
    Receiver { counter.engine }.use { receiver ->
        Sandbox(program, receiver.address).use { sandbox ->
            sandbox.start()
            Network(sandbox::port).use { network ->
                Counter(folder.resolve("counter.db"), network.address, StoryClock()).use {
                    counter = it
                    if (interactive) Terminal(it, sandbox, network).run() else Story(it, sandbox, network).play()
                }
            }
        }
    }
}

private fun exitWith(words: String): Nothing {
    System.err.println(words)
    exitProcess(2)
}
