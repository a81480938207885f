# Prints what Swift sources have that is public: every declaration on a line of its own, without bodies and comments, and
# without what UniFFI needs for itself. It reads the text as the generator and the hand-written files are laid out: a
# brace that opens a body stands at the end of a line.

function spaces(n) { return sprintf("%" (n * 4) "s", "") }

function ours(words) {
    return words !~ /FfiConverter|[Uu]niffi|init\(noHandle|struct NoHandle|[fF]romHandle|^public protocol [A-Za-z]+Protocol:|^(public|open) class [A-Za-z]+Impl:/
}

# The text of a line without comments.
function bare(line,    out, at) {
    out = ""
    while (line != "") {
        if (commented) {
            at = index(line, "*/")
            if (!at) return out
            commented = 0
            line = substr(line, at + 2)
        } else {
            at = index(line, "/*")
            if (!at) { out = out line; break }
            out = out substr(line, 1, at - 1)
            commented = 1
            line = substr(line, at + 2)
        }
    }
    sub(/(^|[ \t])\/\/.*$/, "", out)
    return out
}

function count(text, letter) { return gsub("[" letter "]", "", text) }

{
    line = bare($0)
    gsub(/^[ \t]+|[ \t\r]+$/, "", line)
    if (line == "" || line ~ /^(#|@)/) next
    if (line == "public") { held = line; next }
    held = held (held == "" || held ~ /\($/ || line ~ /^[,)]/ ? "" : " ") line
    # A declaration may go over several lines, up to the parenthesis that ends it.
    if (count(held, "(") > count(held, ")")) next
    words = held
    held = ""

    opens = count(words, "{")
    closes = count(words, "}")
    type = words ~ /^((public|final|open|indirect) )*(struct|enum|class|protocol|extension) /
    if (!skipping) {
        inside = depth > 0 && ((kind[depth] == "protocol" && words ~ /^(func|var|static) /) || (kind[depth] == "enum" && words ~ /^case /))
        shown = words ~ /^((final|indirect|static|mutating|required|convenience) )*(public|open) / || inside || (words ~ /^extension / && depth == 0)
        if (type && shown && ours(words)) {
            said = words
            sub(/ *\{.*$/, "", said)
            gsub(/  +/, " ", said)
            print spaces(depth) said
        } else if (!type && shown && ours(words)) {
            said = words
            if (said ~ /(func|init|var|subscript)/) sub(/ *\{.*$/, "", said)
            if (said ~ / let | typealias /) sub(/ = .*$/, said ~ / typealias / ? substr(said, index(said, " =")) : "", said)
            gsub(/  +/, " ", said)
            gsub(/\( +/, "(", said)
            gsub(/ +\)/, ")", said)
            gsub(/\)throws/, ") throws", said)
            gsub(/, *\)/, ")", said)
            gsub(/^(open|public) convenience /, "public ", said)
            print spaces(depth) said
        }
        if (opens > closes) {
            if (type && shown && ours(words)) {
                kind[depth + 1] = words ~ /protocol / ? "protocol" : (words ~ /enum / ? "enum" : "type")
            } else {
                skipping = depth + 1
            }
            depth += opens - closes
        } else if (closes > opens) {
            depth -= closes - opens
        }
    } else {
        depth += opens - closes
        if (depth < skipping) skipping = 0
    }
}
