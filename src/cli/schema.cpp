// `muster schema KIND [NAME]`: JSON Schema of what users write, from the loader's own definition.
#include <fmt/format.h>

#include <fstream>

#include "adapters/lab/shapes.hpp"
#include "api/openapi.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/schemas.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "config/reference.hpp"
#include "config/schema.hpp"
#include "model/with_shapes.hpp"

namespace muster::cli {

namespace {

struct SchemaWish {
  std::string kind, name, folder;
  bool markdown = false;
};

std::vector<config::FileKind> documented_kinds() {
  const auto known = model::file_kinds();
  std::vector<config::FileKind> all{known.begin(), known.end()};
  all.push_back(lab::file_kind());
  return all;
}

std::string pretty(const Json& schema) {
  return schema.dump(2) + "\n";
}

/// A name that nobody has: what there is.
int unknown(std::string_view what, const std::string& given,
            const std::vector<std::string>& right) {
  const auto near = nearest(given, right);
  return complain(Error{given.empty() ? fmt::format("which {}?", what)
                                      : fmt::format("there is no {} `{}`", what, given),
                        near.empty() ? "there is: " + joined(right, ", ")
                                     : fmt::format("did you mean `{}`?", near)},
                  kUsage);
}

int print(const config::FileKind& kind, bool markdown) {
  fmt::print("{}", markdown ? config::reference_of({&kind, 1}) : pretty(config::schema_of(kind)));
  return kOk;
}

/// `fault NAME`, `restore NAME`: what stands under `with:`.
int with_of(const SchemaWish& wish, const model::Shape* shape,
            const std::vector<std::string>& right) {
  if (!shape) return unknown(wish.kind, wish.name, right);
  return print({fmt::format("{}:{}", wish.kind, wish.name), fmt::format("`with` of {}", wish.name),
                fmt::format("{}: {}", wish.kind, wish.name),
                config::map([shape]() -> const model::Shape& { return *shape; })},
               wish.markdown);
}

int schema(const SchemaWish& wish) {
  if (!wish.folder.empty()) {
    const auto written = write_schemas(wish.folder);
    if (!written) return complain(written.error(), kFail);
    for (const auto& file : *written) say(file.string());
    return kOk;
  }
  const auto all = documented_kinds();
  if (wish.kind.empty() && wish.markdown) {
    fmt::print("{}", reference_page());
    return kOk;
  }
  if (wish.kind == "openapi") {
    fmt::print("{}",
               wish.markdown ? api::endpoint_table() : pretty(api::openapi_document(kVersion)));
    return kOk;
  }
  if (wish.kind == "fault")
    return with_of(wish, model::fault_shape(wish.name), model::fault_names());
  if (wish.kind == "restore")
    return with_of(wish, model::restore_shape(wish.name), model::restore_names());
  std::vector<std::string> right;
  for (const auto& kind : all) {
    if (kind.name == wish.kind) return print(kind, wish.markdown);
    right.push_back(kind.name);
  }
  right.insert(right.end(), {"fault NAME", "restore NAME", "openapi"});
  return unknown("kind", wish.kind, right);
}

}  // namespace

std::vector<std::string> schema_words() {
  std::vector<std::string> words;
  for (const auto& kind : documented_kinds()) words.push_back(kind.name);
  words.insert(words.end(), {"fault", "restore", "openapi"});
  return words;
}

std::string reference_page() {
  std::string page =
      "# Reference\n\n"
      "Every key of the files, fault, restore provider, kind of entry and exit status, made by "
      "`muster schema --markdown` from the definitions that the program itself goes by. "
      "[files.md](files.md) tells how they go together, and how types are written.\n\n";
  page += config::reference_of(documented_kinds());
  while (page.ends_with("\n\n")) page.pop_back();
  page += catalogue_reference();
  return page;
}

Result<std::vector<std::filesystem::path>> write_schemas(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> written;
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return Error{fmt::format("{} cannot be made: {}", folder.string(), ec.message()), ""};
  for (const auto& kind : documented_kinds()) {
    written.push_back(folder / (kind.name + ".json"));
    std::ofstream file{written.back(), std::ios::binary};
    file << pretty(config::schema_of(kind));
    if (!file.flush())
      return Error{fmt::format("{} cannot be written", written.back().string()),
                   "is there space, and may you write there?"};
  }
  return written;
}

void add_schema(CLI::App& app, Where&, int& code) {
  auto* command = app.add_subcommand(
      "schema", "Prints the JSON Schema of a kind of file: editors complete and check from it");
  auto wish = std::make_shared<SchemaWish>();
  std::vector<std::string> words;
  for (const auto& kind : documented_kinds()) words.push_back(kind.name);
  command->add_option(
      "KIND", wish->kind,
      fmt::format("One of {}; `fault` or `restore` with a NAME: what stands under its `with:`; or "
                  "`openapi`: what a server can be asked",
                  joined(words, ", ")));
  command->add_option("NAME", wish->name, "The fault or restore provider");
  command->add_option("--all", wish->folder, "Writes the schemas of all kinds into this folder")
      ->type_name("DIR");
  command->add_flag("--markdown", wish->markdown,
                    "A page for people instead; without KIND of everything");
  command->callback([wish, &code] { code = schema(*wish); });
}

}  // namespace muster::cli
