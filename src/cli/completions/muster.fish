# fish completion for muster; what may follow is asked of muster itself.
function __muster_complete
    set -l words (commandline -opc) (commandline -ct)
    muster complete -- $words[2..-1] 2>/dev/null
end
complete -c muster -a '(__muster_complete)'
