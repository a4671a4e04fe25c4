#include "iso8583/dialect_file.hpp"

#include "toml_fields.hpp"
#include "toml_file.hpp"

#include <charconv>

namespace ducat::cli {

namespace {

using iso8583::dialect;
using iso8583::field_spec;

/// Where in the file the row of a field is.
using places = std::map<int, toml::source_region>;

take_value take_kind(iso8583::content& into) {
  using enum iso8583::content;
  return take_word(into, {a, n, an, anp, as, ns, ans, z, xn, b});
}

take_value take_encoding(iso8583::encoding& into) {
  using enum iso8583::encoding;
  return take_word(into, {ascii, ebcdic, bcd, raw, hex});
}

take_table row_fields(field_spec& row) {
  using namespace iso8583;
  return {
      {"name", take_text(row.name)},
      {"kind", take_kind(row.kind)},
      {"length", take_number(row.length)},
      {"prefix_digits", take_number(row.prefix_digits)},
      {"encoding", take_encoding(row.written)},
      {"prefix_encoding", take_word(row.prefix, {prefix_encoding::ascii, prefix_encoding::ebcdic,
                                                 prefix_encoding::bcd, prefix_encoding::binary})},
      {"counts", take_word(row.counts, {counting::value, counting::wire})},
      {"padding",
       take_word(row.filled, {padding::left_zero, padding::right_zero, padding::right_f})},
      {"show", take_word(row.shown, {exposure::open, exposure::pan, exposure::secret})}};
}

/// Returns the number that `key` is; nothing unless it is written as one.
std::optional<int> field_number(std::string_view key) {
  int number = 0;
  const char* const last = key.data() + key.size();
  const auto [end, failure] = std::from_chars(key.data(), last, number);
  if (failure != std::errc{} || end != last || std::to_string(number) != key)
    return std::nullopt;
  return number;
}

/// Takes a row that the base does not have. Bytes are raw unless it says something else.
complaint take_new_row(const toml::table& from, const std::string& name, int number,
                       dialect& into) {
  for (const char* const needed : {"kind", "length"})
    if (complaint wrong = require(from, needed, name + "."))
      return wrong;
  field_spec row{.shown = iso8583::default_exposure(number)};
  if (complaint wrong = take(from, row_fields(row), name + "."))
    return wrong;
  if (row.kind == iso8583::content::b && !from.contains("encoding"))
    row.written = iso8583::encoding::raw;
  into.fields[number] = row;
  return std::nullopt;
}

/// `{ absent = true }` alone takes a row of the base away.
complaint take_absence(const toml::table& from, const std::string& name, int number,
                       dialect& into) {
  bool is_absent = false;
  if (complaint wrong = take(from, {{"absent", take_flag(is_absent)}}, name + "."))
    return wrong;
  if (!is_absent)
    return complain(from, name + ".absent", "must be true");
  into.fields.erase(number);
  return std::nullopt;
}

complaint take_row(const toml::table& from, const std::string& name, int number, dialect& into) {
  if (from.contains("absent"))
    return take_absence(from, name, number, into);
  const auto found = into.fields.find(number);
  if (found == into.fields.end())
    return take_new_row(from, name, number, into);
  return take(from, row_fields(found->second), name + ".");
}

take_value take_rows(dialect& into, places& where) {
  return [&into, &where](const toml::node& value, const std::string& name) -> complaint {
    if (!value.is_table())
      return complain(value, name, "must be a table");
    for (const auto& [key, row] : *value.as_table()) {
      const std::string inner = name + "." + std::string{key.str()};
      const auto number = field_number(key.str());
      if (!number)
        return misreading{.at = key.source(),
                          .what = "`" + inner + "` is not the number of a field"};
      if (!row.is_table())
        return complain(row, inner, "must be a table");
      where[*number] = key.source();
      if (complaint wrong = take_row(*row.as_table(), inner, *number, into))
        return wrong;
    }
    return std::nullopt;
  };
}

complaint take_base(const toml::table& root, dialect& into) {
  if (!root.contains("base"))
    return std::nullopt;
  std::string name;
  if (complaint wrong = take_text(name)(*root.get("base"), "base"))
    return wrong;
  const dialect* const base = iso8583::find_dialect(name);
  if (base == nullptr)
    return complain(*root.get("base"), "base", "must be a dialect that comes with ducat");
  into = *base;
  into.about = "";
  return std::nullopt;
}

complaint take_dialect(const toml::table& root, dialect& into, places& where) {
  using namespace iso8583;
  std::string base;
  return take(
      root,
      {{"base", take_text(base)},
       {"name", take_text(into.name)},
       {"about", take_text(into.about)},
       {"length_header", take_word(into.header, {length_header::none, length_header::binary2,
                                                 length_header::ascii4, length_header::bcd2})},
       {"tpdu", take_section({{"bytes", take_number(into.tpdu.bytes)},
                              {"counted", take_flag(into.tpdu.counted)}})},
       {"mti", take_encoding(into.mti)},
       {"versions", take_text(into.versions)},
       {"bitmap", take_word(into.bitmap, {bitmap_encoding::raw, bitmap_encoding::hex})},
       {"bitmap_size",
        take_word(into.bitmap_bytes, {bitmap_size::as_needed, bitmap_size::always_16})},
       {"hex_digits", take_word(into.hex_digits, {hex_case::upper, hex_case::lower})},
       {"fields", take_rows(into, where)}},
      "");
}

/// Says where in the file what check() found is wrong.
tl::unexpected<error> refused(const std::filesystem::path& path, const toml::table& root,
                              const places& where, const iso8583::misfit& wrong) {
  const auto row = wrong.field ? where.find(*wrong.field) : where.end();
  const std::string of = wrong.field ? "field " + std::to_string(*wrong.field) + ": " : "";
  return wrong_at(path, row == where.end() ? root.source() : row->second, of + wrong.what);
}

} // namespace

result<dialect> load_dialect(const std::filesystem::path& path) {
  const auto root = read_toml(path);
  if (!root)
    return tl::unexpected(root.error());
  dialect read;
  places where;
  if (const complaint found = take_base(*root, read))
    return wrong_at(path, found->at, found->what);
  read.name = path.stem().string();
  if (const complaint found = take_dialect(*root, read, where))
    return wrong_at(path, found->at, found->what);
  if (const auto wrong = iso8583::check(read))
    return refused(path, *root, where, *wrong);
  return read;
}

result<dialect> find_dialect(const std::string& name_or_path) {
  if (const dialect* const shipped = iso8583::find_dialect(name_or_path))
    return *shipped;
  std::error_code failure;
  if (std::filesystem::exists(name_or_path, failure))
    return load_dialect(name_or_path);
  std::string names;
  for (const dialect& each : iso8583::shipped_dialects())
    names += (names.empty() ? "" : ", ") + each.name;
  return fail(errc::not_found,
              "there is no dialect and no file \"" + name_or_path + "\"; dialects are " + names);
}

} // namespace ducat::cli
