# fish completion for muster; what may follow is asked of muster itself.
function __muster_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l candidates (command $words[1] complete -- $words[2..-1] 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c muster -f -a '(__muster_complete)'
