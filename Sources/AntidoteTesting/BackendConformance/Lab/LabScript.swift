import AntidoteCore

/// What the suite's machines and jobs run: a shell script that every one of them finds in its lab directory.
///
/// It needs a POSIX shell and the usual small tools (`sed`, `cat`, `stat`, `head`, `tr`, `grep`), `socat`
/// and iproute2's `ip`. ``LabRole`` and ``LabQuestion`` are its two vocabularies.
enum LabScript {
    static let path = "lab.sh"

    static func files(_ more: [FileSet.File] = []) throws -> FileSet {
        try FileSet([FileSet.File(path: path, mode: 0o755, contents: Array(text.utf8))] + more)
    }

    static func command(in directory: String, _ words: [String]) -> [String] {
        ["/bin/sh", "\(directory)/\(path)"] + words
    }

    // No question may wait for longer than a few seconds: a suite asks hundreds.
    static let text = #"""
        #!/bin/sh
        set -f
        self=$0
        state=/tmp/lab
        verb=$1
        [ $# -eq 0 ] || shift

        count() {
            mkdir -p $state
            echo x >>$state/$1
            grep -c x $state/$1
        }

        answer_http() {
            read -r method path rest
            case $path in
                /broken) status="500 Internal Server Error" body=broken ;;
                /hit) status="200 OK" body=$(count hits) ;;
                /) status="200 OK" body=$LAB_NAME ;;
                *) status="404 Not Found" body=nothing ;;
            esac
            printf 'HTTP/1.0 %s\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' "$status" ${#body} "$body"
        }

        play() {
            kind=${1%%:*}
            port=${1#*:}
            case $kind in
                agent) exec socat -t 60 TCP-LISTEN:$port,fork,reuseaddr EXEC:"/bin/sh $self serve" ;;
                web) exec socat -t 10 TCP-LISTEN:$port,fork,reuseaddr EXEC:"/bin/sh $self answer-http" ;;
                silent) exec socat TCP-LISTEN:$port,fork,reuseaddr EXEC:"sleep 1000000" ;;
                greeter) exec socat TCP-LISTEN:$port,fork,reuseaddr EXEC:"printf SSH-2.0-lab\r\n" ;;
                echo) exec socat -T 5 UDP-LISTEN:$port,fork,reuseaddr EXEC:cat ;;
                late) sleep 2 && exec socat -t 10 TCP-LISTEN:$port,fork,reuseaddr EXEC:"/bin/sh $self answer-http" ;;
            esac
        }

        case $verb in
            play)
                mkdir -p $state
                for role; do
                    case $role in
                        end:*) echo "the end of $LAB_NAME"; exit "${role#end:}" ;;
                        leak) echo "one $LAB_SECRET, two"; exit 1 ;;
                        *) play "$role" & ;;
                    esac
                done
                wait
                exec sleep 1000000
                ;;
            serve)
                read -r line
                set -- $line
                exec /bin/sh "$self" "$@"
                ;;
            answer-http) answer_http ;;
            at)
                host=$1
                port=$2
                shift 2
                printf '%s\n' "$*" | socat -t 20 - "TCP4:$host:$port,connect-timeout=5" 2>/dev/null || echo unreachable
                ;;
            name) echo "$LAB_NAME" ;;
            user) id -u ;;
            capabilities) sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status ;;
            variable) eval "printf '%s\\n' \"\${$1-<unset>}\"" ;;
            argument) echo "$1" ;;
            file) cat "$1" 2>/dev/null || echo "<missing>" ;;
            size) stat -c %s "$1" 2>/dev/null || echo "<missing>" ;;
            mode) stat -c %a "$1" 2>/dev/null || echo "<missing>" ;;
            interface) ip -o -4 addr show dev "$1" 2>/dev/null | sed -n 's/.* inet \([^ ]*\).*/\1/p' | grep . || echo none ;;
            addresses) ip -o addr show scope global 2>/dev/null | sed -n 's/.* inet6* \([^ /]*\).*/\1/p' | tr '\n' ' ' ;;
            gateway) ip route 2>/dev/null | sed -n 's/^default via \([^ ]*\).*/\1/p' ;;
            limit)
                case $1 in
                    memory) cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes ;;
                    pids) cat /sys/fs/cgroup/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids/pids.max ;;
                    cpu)
                        cat /sys/fs/cgroup/cpu.max 2>/dev/null ||
                            echo "$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us) $(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us)"
                        ;;
                esac
                ;;
            resolve)
                # No packet matters here: only whether there is an address to send it to, and how soon that is known.
                began=$(cut -d. -f1 /proc/uptime)
                if socat -u /dev/null "UDP4-SENDTO:$1:9" 2>/dev/null; then found=found; else found=none; fi
                [ $(($(cut -d. -f1 /proc/uptime) - began)) -lt 4 ] || found=stalled
                echo $found
                ;;
            tcp)
                if socat -u /dev/null "TCP:$1:$2,connect-timeout=3" 2>/dev/null; then echo open; else echo closed; fi
                ;;
            reach)
                # All at once: each that is dropped takes seconds.
                port=$1
                shift
                for address; do
                    (
                        socat -u /dev/null "TCP:$address:$port,connect-timeout=3" 2>/dev/null && echo "$address"
                        printf probe | socat -u - "UDP:$address:$port" 2>/dev/null
                    ) &
                done
                wait
                ;;
            udp)
                reply=$(printf %s "$3" | socat -t 2 - "UDP:$1:$2" 2>/dev/null)
                echo "${reply:-nothing}"
                ;;
            get)
                reply=$(printf 'GET %s HTTP/1.0\r\n\r\n' "$3" | socat -t 5 - "TCP:$1:$2,connect-timeout=5" 2>/dev/null | tail -n 1)
                echo "${reply:-nothing}"
                ;;
            hit) /bin/sh "$self" get "$1" "$2" /hit; shift 2; [ $# -eq 0 ] || exec /bin/sh "$self" "$@" ;;
            beat) while :; do /bin/sh "$self" get "$1" "$2" /hit >/dev/null; done ;;
            hits) grep -c x $state/hits 2>/dev/null || echo 0 ;;
            say) echo "$*" ;;
            end) echo "$2"; exit "$1" ;;
            hang) echo "waiting for ever"; exec sleep 1000000 ;;
            flood) head -c "$1" /dev/zero | tr '\0' x; echo; echo "the last line" ;;
            noise) printf '\033[31mred\033[0m\007 \033]0;title\007plain\n' ;;
            swallow) hoard=$(head -c "$1" /dev/zero | tr '\0' x); echo "${#hoard}" ;;
            *) echo "the suite's script knows no “$verb”" >&2; exit 64 ;;
        esac
        """#
}
