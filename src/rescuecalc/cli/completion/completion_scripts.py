"""The scripts that shells load: each hands the words of the line to `rescuecalc completion words`.

Each prints ``value<TAB>meaning`` as its shell wants it, and falls back to files where there is nothing to complete.
"""

from typing import Final

_BASH: Final = """\
_rescuecalc() {
    local IFS=$'\\n' last="${COMP_WORDS[COMP_CWORD]}"
    [[ $last == "=" ]] && last=""
    local -a before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
    COMPREPLY=($("${COMP_WORDS[0]}" completion words -- "${before[@]}" "+$last" 2>/dev/null | cut -f1))
}
complete -o default -F _rescuecalc rescuecalc
"""

_ZSH: Final = """\
#compdef rescuecalc
_rescuecalc() {
    local -a found shown
    local line
    found=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT-1]}" "+${words[CURRENT]}" 2>/dev/null)}")
    for line in $found; do
        shown+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
    done
    if (( $#shown )); then
        _describe -V rescuecalc shown
    else
        _files
    fi
}
if [[ $funcstack[1] == _rescuecalc ]]; then _rescuecalc "$@"; else compdef _rescuecalc rescuecalc; fi
"""

_FISH: Final = """\
function __rescuecalc
    set -l words (commandline -opc)
    set -l found ($words[1] completion words -- $words[2..] "+"(commandline -ct) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command rescuecalc --no-files --keep-order --arguments '(__rescuecalc)'
"""

_POWERSHELL: Final = """\
Register-ArgumentCompleter -Native -CommandName rescuecalc -ScriptBlock {
    param($word, $line, $cursor)
    $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
    $words = @($before | Select-Object -Skip 1)
    & rescuecalc completion words -- @words "+$word" 2>$null | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
    }
}
"""

SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}
"""The script of each shell."""
