// What scripts on a target tell in lines and JSON: facts, a survey, what pgBackRest has, what a
// restore proved; and a fault's own file.
#include "catalogue/fault.hpp"
#include "catalogue/mask.hpp"
#include "catalogue/pgbackrest_info.hpp"
#include "catalogue/restore.hpp"
#include "catalogue/restore_evidence.hpp"
#include "engine/survey.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void told(std::string_view bytes) {
  const auto fields = catalogue::fields_of(bytes);
  for (const auto& [key, value] : fields) catalogue::number_of(fields, key);
  promise(canonical_json(catalogue::json_of(fields)).has_value(), "fields cannot be recorded");

  ports::Answer answer;
  answer.said = ports::Said::yes;
  answer.evidence = bytes;
  const auto survey = engine::read_survey(answer);
  promise(survey.found() <= 1 + 2 * fields.size(), "a survey finds more than it was told");

  if (const auto info = catalogue::pgbackrest::parse_info(bytes, "main"))
    promise(info->backups.size() <= 10'000, "too many backups");
  if (const auto json = parse_json(bytes)) {
    if (const auto outcome = catalogue::restore_outcome_from_json(*json))
      promise(canonical_json(catalogue::to_json(*outcome)).has_value() ||
                  !canonical_json(*json).has_value(),
              "an outcome cannot be recorded");
  }
  if (const auto fault = catalogue::parse_fault("a.fault", bytes))
    promise(!fault->name.empty() && !fault->script.empty(), "a fault without name or script");
  for (const auto secrecy :
       {catalogue::Secrecy::none, catalogue::Secrecy::conninfo, catalogue::Secrecy::whole})
    catalogue::masked(secrecy, bytes);
}

}  // namespace muster::fuzz
