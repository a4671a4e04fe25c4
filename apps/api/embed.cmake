# Writes OUTPUT, a C++ source with the text of INPUT: cmake -DINPUT=... -DOUTPUT=... -P embed.cmake
file(READ "${INPUT}" text)
string(FIND "${text}" ")openapi\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${INPUT} holds the end of a raw string")
endif()
file(WRITE "${OUTPUT}" "#include \"api/openapi.hpp\"

namespace ducat::api {

std::string_view openapi_document() noexcept {
  return R\"openapi(${text})openapi\";
}

} // namespace ducat::api
")
