# The last part.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# As a file beside an effect: `sh target.sh deadman D` and `sh target.sh launch D FUNCTION`.
case ${0##*/} in
  target.sh)
    case ${1-} in
      deadman) m_deadman "$2" ;;
      launch) m_launch "$2" "$3" ;;
    esac
    ;;
esac
