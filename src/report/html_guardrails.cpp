// What stood between the drill and harm.
#include "report/html_parts.hpp"

namespace muster::report::html {

Markup guardrails(const Page& page) {
  Table table{"Guardrails, and what they said",
              {"Guardrail", "Demands", "What it said"},
              Table::Narrow::stack};
  const auto body =
      table_of(page, std::move(table), page.s.guardrails, [&](Table& t, const Guardrail& g) {
        Markup said;
        const auto sign = !g.asked  ? Sign::none
                          : !g.kept ? Sign::unsure
                          : *g.kept ? Sign::good
                                    : Sign::bad;
        said << badge(sign, g.said) << evidence(page, g.evidence);
        t.row({text(page, g.name), text(page, g.demands), said});
      });
  return section("guardrails", "Guardrails", body);
}

}  // namespace muster::report::html
