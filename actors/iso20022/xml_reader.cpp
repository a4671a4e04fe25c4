#include "iso20022/xml_reader.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <array>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace ducat::iso20022 {

namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;

std::string_view view_of(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view white = " \t\r\n";
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// Receives what libxml2 finds. No exception passes through it.
class element_stream {
public:
  explicit element_stream(element_visitor& visitor) : visitor_{visitor} {}

  void parser(xmlParserCtxtPtr parser) noexcept { parser_ = parser; }

  bool stopped() const noexcept { return failure_ || thrown_; }

  void begin(std::string_view name, std::string_view name_space, std::string_view currency) {
    if (++depth_ > xml_depth_max)
      return fail(remark::forbidden, "more than " + std::to_string(xml_depth_max) + " deep");
    if (in_document_ == 0) {
      if (name == "Document") {
        in_document_ = depth_;
        visitor_.on_document(name_space, line());
      }
      return;
    }
    open_.push_back({.path_size = path_.size(), .line = line(), .currency = std::string{currency}});
    if (!path_.empty())
      path_ += '/';
    path_ += name;
    text_.clear();
    visitor_.on_begin(path_, line());
  }

  void end() {
    if (in_document_ == depth_)
      in_document_ = 0;
    --depth_;
    if (open_.empty())
      return;
    const opened last = std::move(open_.back());
    open_.pop_back();
    visitor_.on_end(
        {.path = path_, .text = trimmed(text_), .currency = last.currency, .line = last.line});
    path_.resize(last.path_size);
    text_.clear();
  }

  void text(std::string_view more) {
    if (text_.size() + more.size() > xml_text_bytes_max)
      return fail(remark::forbidden, "a text of more than " + std::to_string(xml_text_bytes_max));
    if (!open_.empty())
      text_ += more;
  }

  void fail(remark what, std::string detail) {
    if (!stopped())
      failure_ = note{.what = what, .line = line(), .where = path_, .detail = std::move(detail)};
    xmlStopParser(parser_);
  }

  template <class Function>
  void guarded(Function function) noexcept {
    if (stopped())
      return;
    try {
      function();
    } catch (...) {
      thrown_ = std::current_exception();
      xmlStopParser(parser_);
    }
  }

  /// Returns what went wrong; throws what the visitor threw.
  std::optional<note> outcome() const {
    if (thrown_)
      std::rethrow_exception(thrown_);
    return failure_;
  }

private:
  struct opened {
    std::size_t path_size = 0; ///< Of the path before it.
    std::size_t line = 0;
    std::string currency{};
  };

  std::size_t line() const noexcept {
    return parser_->input == nullptr ? 0 : static_cast<std::size_t>(parser_->input->line);
  }

  element_visitor& visitor_;
  xmlParserCtxtPtr parser_ = nullptr;
  std::size_t depth_ = 0;
  std::size_t in_document_ = 0; ///< The depth of <Document>; 0: outside of it.
  std::string path_;
  std::string text_;
  std::vector<opened> open_;
  std::optional<note> failure_;
  std::exception_ptr thrown_;
};

element_stream& stream_of(void* context) {
  return *static_cast<element_stream*>(context);
}

/// `attributes` are five pointers each: name, prefix, name space, begin and end of the value.
std::string_view currency_in(const xmlChar** attributes, int count) {
  for (int i = 0; i < count; ++i, attributes += 5)
    if (view_of(attributes[0]) == "Ccy")
      return {reinterpret_cast<const char*>(attributes[3]),
              static_cast<std::size_t>(attributes[4] - attributes[3])};
  return {};
}

void on_start(void* context, const xmlChar* name, const xmlChar*, const xmlChar* uri, int,
              const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
  auto& stream = stream_of(context);
  stream.guarded(
      [&] { stream.begin(view_of(name), view_of(uri), currency_in(attributes, attribute_count)); });
}

void on_finish(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  stream_of(context).guarded([&] { stream_of(context).end(); });
}

void on_text(void* context, const xmlChar* text, int size) {
  stream_of(context).guarded([&] {
    stream_of(context).text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
  });
}

void on_document_type(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  stream_of(context).guarded(
      [&] { stream_of(context).fail(remark::forbidden, "a document type"); });
}

void on_error(void* context, xmlErrorPtr error) {
  if (error->level < XML_ERR_ERROR)
    return;
  stream_of(context).guarded([&] {
    std::string message = error->message == nullptr ? "" : error->message;
    while (message.ends_with('\n'))
      message.pop_back();
    stream_of(context).fail(remark::not_well_formed, message);
  });
}

void say_nothing(void*, const char*, ...) {}

/// libxml2 prints some errors of encodings beside reporting them. Of this thread only.
class silence {
public:
  silence() { xmlSetGenericErrorFunc(nullptr, say_nothing); }

  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;

  ~silence() { xmlSetGenericErrorFunc(nullptr, nullptr); }
};

xmlSAXHandler handler() {
  xmlSAXHandler calls{};
  calls.initialized = XML_SAX2_MAGIC;
  calls.startElementNs = on_start;
  calls.endElementNs = on_finish;
  calls.characters = on_text;
  calls.ignorableWhitespace = on_text;
  calls.cdataBlock = on_text;
  calls.internalSubset = on_document_type;
  calls.serror = on_error;
  return calls;
}

} // namespace

std::optional<note> read_elements(const byte_source& bytes, element_visitor& visitor) {
  const silence no_output;
  element_stream stream{visitor};
  auto calls = handler();
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser{
      xmlCreatePushParserCtxt(&calls, &stream, nullptr, 0, nullptr), &xmlFreeParserCtxt};
  if (parser == nullptr)
    throw std::bad_alloc{};
  stream.parser(parser.get());
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET);
  std::array<char, chunk_bytes> chunk{};
  while (!stream.stopped()) {
    const std::size_t size = bytes(chunk);
    xmlParseChunk(parser.get(), chunk.data(), static_cast<int>(size), size == 0 ? 1 : 0);
    if (size == 0)
      break;
  }
  if (auto failure = stream.outcome())
    return failure;
  if (parser->wellFormed == 0)
    return note{.what = remark::not_well_formed, .detail = "the file does not end well"};
  return std::nullopt;
}

} // namespace ducat::iso20022
