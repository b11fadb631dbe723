# shellcheck shell=sh
# Finds a JDK of version 25 or newer; sourced by mvnw and tidemill.
#
# find_jdk sets jdk_home, or says on stderr where it looked and fails. What the user points to wins:
# TIDEMILL_JAVA_HOME (which must then be right), JAVA_HOME, the java on PATH. Of the rest exactly 25 is
# preferred, then the smallest newer one. Versions are read from the `release` file of each JDK; only a
# java that has none is started, and only when nothing else will do.
# Where nothing is to be built, jdk_only_runs is set: then a Java without a compiler will do.
# TIDEMILL_SEARCH_ROOT is put before the absolute places, so that dev/test-launcher has its own.

jdk_oldest=25
jdk_newline='
'

# Sets jdk_version to the feature version named in $1/release, or to nothing.
jdk_read_version() {
    jdk_version=
    [ -r "$1/release" ] || return 0
    while IFS= read -r jdk_line || [ -n "$jdk_line" ]; do
        case $jdk_line in
        JAVA_VERSION=*)
            jdk_version=${jdk_line#JAVA_VERSION=}
            jdk_version=${jdk_version#\"}
            jdk_version=${jdk_version#1.}
            jdk_version=${jdk_version%%[!0-9]*}
            return 0
            ;;
        esac
    done <"$1/release"
}

# Sets jdk_real to the home that the java at $1 belongs to, following links.
jdk_home_of() {
    jdk_real=$1
    while [ -h "$jdk_real" ]; do
        jdk_link=$(readlink "$jdk_real") || break
        case $jdk_link in
        /*) jdk_real=$jdk_link ;;
        *) jdk_real=${jdk_real%/*}/$jdk_link ;;
        esac
    done
    jdk_real=${jdk_real%/*}
    jdk_real=${jdk_real%/bin}
}

jdk_reject() {
    jdk_why=$2
    jdk_seen="$jdk_seen    $1: $jdk_real: $jdk_why$jdk_newline"
}

# Keeps jdk_real in jdk_home if it is a JDK that will do and better than the one that is there.
jdk_judge() {
    if [ "$jdk_version" -lt "$jdk_oldest" ]; then
        jdk_reject "$1" "Java $jdk_version"
    elif [ -z "${jdk_only_runs:-}" ] && [ ! -x "$jdk_real/bin/javac" ]; then
        jdk_reject "$1" "Java $jdk_version without javac"
    elif [ -z "$jdk_home" ] || [ "$jdk_version" -lt "$jdk_best" ]; then
        case $jdk_real in /*) jdk_home=$jdk_real ;; *) jdk_home=$PWD/$jdk_real ;; esac
        jdk_best=$jdk_version
    fi
}

# Looks at the folder $2, which was named by $1.
jdk_consider() {
    jdk_real=$2
    [ ! -f "$jdk_real/Contents/Home/release" ] || jdk_real=$jdk_real/Contents/Home
    if [ ! -x "$jdk_real/bin/java" ]; then
        [ "$1" = found ] || jdk_reject "$1" 'no bin/java in it'
        return 0
    fi
    [ -f "$jdk_real/release" ] || jdk_home_of "$jdk_real/bin/java"
    jdk_read_version "$jdk_real"
    if [ -n "$jdk_version" ]; then
        jdk_judge "$1"
    else
        jdk_unknown="$jdk_unknown$2/bin/java$jdk_newline"
    fi
}

# Starts each java of jdk_unknown to ask for its home and version: a version manager's shim, an odd package.
jdk_ask_unknown() {
    while [ -n "$jdk_unknown" ]; do
        jdk_java=${jdk_unknown%%"$jdk_newline"*}
        jdk_unknown=${jdk_unknown#*"$jdk_newline"}
        jdk_answer=$("$jdk_java" -XshowSettings:properties -version 2>&1 </dev/null) || :
        jdk_real=${jdk_answer#*java.home = }
        jdk_version=${jdk_answer#*java.specification.version = }
        jdk_version=${jdk_version#1.}
        jdk_version=${jdk_version%%[!0-9]*}
        if [ "$jdk_real" = "$jdk_answer" ] || [ -z "$jdk_version" ]; then
            jdk_real=$jdk_java
            jdk_reject "$1" 'it does not tell its version'
        else
            jdk_real=${jdk_real%%"$jdk_newline"*}
            jdk_judge "$1"
        fi
    done
}

jdk_look_around() {
    for jdk_dir in "$jdk_root"/usr/lib/jvm/* "$jdk_root"/usr/lib64/jvm/* "$jdk_root"/usr/java/* \
        "$jdk_root"/usr/local/*jdk* "$jdk_root"/opt/java* "$jdk_root"/opt/java/* "$jdk_root"/opt/*jdk* \
        "$jdk_root"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/* \
        "$jdk_root"/opt/homebrew/opt/openjdk* "$jdk_root"/usr/local/opt/openjdk* \
        "$jdk_root"/home/linuxbrew/.linuxbrew/opt/openjdk*; do
        jdk_consider found "$jdk_dir"
    done
    if [ -z "$jdk_home" ] && [ -x "$jdk_root/usr/libexec/java_home" ] &&
        jdk_dir=$("$jdk_root/usr/libexec/java_home" -v "$jdk_oldest+" 2>/dev/null); then
        jdk_consider /usr/libexec/java_home "$jdk_dir"
    fi
    [ -n "$jdk_home" ] || jdk_ask_unknown started
}

find_jdk() {
    jdk_home='' jdk_best='' jdk_seen='' jdk_why='' jdk_unknown='' jdk_root=${TIDEMILL_SEARCH_ROOT:-}
    if [ -n "${TIDEMILL_JAVA_HOME:-}" ]; then
        jdk_consider TIDEMILL_JAVA_HOME "$TIDEMILL_JAVA_HOME"
        jdk_ask_unknown TIDEMILL_JAVA_HOME
        [ -z "$jdk_home" ] || return 0
        echo "${0##*/}: TIDEMILL_JAVA_HOME=$TIDEMILL_JAVA_HOME cannot be used: $jdk_why." >&2
        echo "Point it to a JDK of version $jdk_oldest or newer, or unset it to let one be found." >&2
        return 1
    fi
    if [ -n "${JAVA_HOME:-}" ]; then
        jdk_consider JAVA_HOME "$JAVA_HOME"
        jdk_ask_unknown JAVA_HOME
        [ -z "$jdk_home" ] || return 0
    else
        jdk_seen="    JAVA_HOME: not set$jdk_newline"
    fi
    if jdk_java=$(command -v java); then
        jdk_home_of "$jdk_java"
        if [ -f "$jdk_real/release" ]; then
            jdk_consider 'java on PATH' "$jdk_real"
            [ -z "$jdk_home" ] || return 0
        elif [ "$jdk_real" != /usr ]; then
            # Not Apple's /usr/bin/java, which is no Java and may open a dialog.
            jdk_unknown=$jdk_java$jdk_newline
        fi
    else
        jdk_seen="$jdk_seen    java on PATH: none$jdk_newline"
    fi
    jdk_look_around
    [ -z "$jdk_home" ] || return 0
    cat >&2 <<END
${0##*/}: no JDK of version $jdk_oldest or newer was found. Looked at:
    TIDEMILL_JAVA_HOME: not set
$jdk_seen    nothing else in /usr/lib/jvm, /usr/java, /usr/local, /opt, /Library/Java, Homebrew, and under the
    home folder SDKMAN, asdf, mise, .jdks and Library/Java
Install one:
    macOS            brew install openjdk@$jdk_oldest
    Debian, Ubuntu   sudo apt-get install openjdk-$jdk_oldest-jdk
    Fedora           sudo dnf install java-$jdk_oldest-openjdk-devel
    any system       https://adoptium.net/temurin/releases/?version=$jdk_oldest
or point to one that is unpacked already:
    export TIDEMILL_JAVA_HOME=/path/to/jdk-$jdk_oldest
END
    return 1
}
