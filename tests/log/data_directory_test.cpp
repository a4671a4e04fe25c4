#include "log/data_directory.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ducat {
namespace {

using testing::temporary_directory;

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream{path, std::ios::binary} << text;
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

/// Returns the code with which opening fails; nothing if it does not.
std::optional<errc> refusal(const std::filesystem::path& path,
                            directory_access access = directory_access::write) {
  const auto opened = data_directory::open(path, access);
  return opened ? std::nullopt : std::optional{opened.error().code};
}

TEST(DataDirectory, GivesANewDirectoryAnIdThatStays) {
  const temporary_directory home;
  const std::string id = data_directory::open(home.path(), directory_access::write).value().id();
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(data_directory::open(home.path(), directory_access::write).value().id(), id);
  EXPECT_EQ(data_directory::open(home.path(), directory_access::read).value().id(), id);
  EXPECT_EQ(text_of(home.path() / "DUCAT"), "ducat 1\nid " + id + "\n");
}

TEST(DataDirectory, GivesEachDirectoryAnIdOfItsOwn) {
  const temporary_directory one, two;
  EXPECT_NE(data_directory::open(one.path(), directory_access::write).value().id(),
            data_directory::open(two.path(), directory_access::write).value().id());
}

TEST(DataDirectory, CreatesMissingParents) {
  const temporary_directory home;
  EXPECT_EQ(refusal(home.path() / "a" / "b"), std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(home.path() / "a" / "b" / "DUCAT"));
}

TEST(DataDirectory, RefusesAForeignDirectoryAndLeavesItAlone) {
  const temporary_directory home;
  write_text(home.path() / "holiday.txt", "photos");
  EXPECT_EQ(refusal(home.path()), errc::corrupt);
  EXPECT_EQ(refusal(home.path(), directory_access::read), errc::corrupt);
  EXPECT_FALSE(std::filesystem::exists(home.path() / "DUCAT"));
}

TEST(DataDirectory, RefusesANewerFormat) {
  const temporary_directory home;
  write_text(home.path() / "DUCAT", "ducat 2\nsomething else\n");
  EXPECT_EQ(refusal(home.path()), errc::newer_version);
}

TEST(DataDirectory, BelongsToItsClusterForEver) {
  const temporary_directory home;
  const auto open = [&](const std::optional<std::string>& cluster) {
    return data_directory::open(home.path(), directory_access::write, cluster);
  };
  const std::string id = open("north").value().id();
  EXPECT_EQ(text_of(home.path() / "DUCAT"), "ducat 1\nid " + id + "\ncluster north\n");
  EXPECT_EQ(open("north").value().id(), id);
  EXPECT_EQ(open(std::nullopt).value().id(), id);
  for (const char* other : {"south", "nort", ""})
    EXPECT_EQ(open(other).error().code, errc::other_cluster) << other;
  EXPECT_EQ(to_string(open("south").error()), "other_cluster: the data directory " +
                                                  home.path().string() +
                                                  " belongs to the cluster north, this node to the "
                                                  "cluster south");
}

TEST(DataDirectory, OfNoNamedClusterIsRefusedByANamedOne) {
  const temporary_directory home;
  const auto open = [&](const std::string& cluster) {
    return data_directory::open(home.path(), directory_access::write, cluster);
  };
  ASSERT_TRUE(open(""));
  EXPECT_TRUE(open(""));
  EXPECT_EQ(open("north").error().code, errc::other_cluster);
}

TEST(DataDirectory, RefusesTheNameOfAClusterThatIsNone) {
  for (const std::string& name : {std::string{"a b"}, std::string{"a\n"}, std::string(65, 'a')}) {
    const temporary_directory home;
    const auto opened = data_directory::open(home.path() / "new", directory_access::write, name);
    EXPECT_EQ(opened.error().code, errc::invalid_argument) << name;
    EXPECT_FALSE(std::filesystem::exists(home.path() / "new"));
  }
}

TEST(DataDirectory, RefusesADamagedIdentity) {
  for (const char* text :
       {"", "ducat", "ducat 1", "ducat 1\nid \n", "ducat 0\nid 00112233445566778899aabbccddeeff\n",
        "ducat 1\nid 00112233445566778899aabbccddeefF\n",
        "ducat 1\nid 00112233445566778899aabbccddeeff\nmore\n",
        "ducat 1\nid 00112233445566778899aabbccddeeff\ncluster \n",
        "ducat 1\nid 00112233445566778899aabbccddeeff\ncluster a b\n",
        "ducat 1\nid 00112233445566778899aabbccddeeff\ncluster a\nmore\n"}) {
    const temporary_directory home;
    write_text(home.path() / "DUCAT", text);
    EXPECT_EQ(refusal(home.path()), errc::corrupt) << text;
  }
}

TEST(DataDirectory, CompletesACreationThatWasCutShort) {
  const temporary_directory home;
  write_text(home.path() / "DUCAT.new", "duc");
  EXPECT_EQ(refusal(home.path()), std::nullopt);
  std::filesystem::remove(home.path() / "ACKNOWLEDGED");
  EXPECT_EQ(refusal(home.path()), std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(home.path() / "ACKNOWLEDGED"));
}

TEST(DataDirectory, ReadingCreatesNothing) {
  const temporary_directory home;
  EXPECT_EQ(refusal(home.path(), directory_access::read), errc::not_found);
  EXPECT_EQ(refusal(home.path() / "missing", directory_access::read), errc::not_found);
  EXPECT_TRUE(std::filesystem::is_empty(home.path()));
}

TEST(DataDirectory, HasOneWriterAtATime) {
  const temporary_directory home;
  auto writer = data_directory::open(home.path(), directory_access::write);
  EXPECT_EQ(refusal(home.path()), errc::in_use);
  EXPECT_TRUE(data_directory::open(home.path(), directory_access::read).value().had_writer());
  writer = tl::unexpected(error{});
  EXPECT_FALSE(data_directory::open(home.path(), directory_access::read).value().had_writer());
  EXPECT_EQ(refusal(home.path()), std::nullopt);
}

TEST(DataDirectory, AReaderDoesNotKeepAWriterOut) {
  const temporary_directory home;
  ASSERT_EQ(refusal(home.path()), std::nullopt);
  const auto reader = data_directory::open(home.path(), directory_access::read);
  EXPECT_EQ(refusal(home.path()), std::nullopt);
}

TEST(DataDirectory, RemembersWhatWasAcknowledged) {
  const temporary_directory home;
  const acknowledged value{{7, sha256({"seventh"})}, {3}};
  auto directory = data_directory::open(home.path(), directory_access::write).value();
  EXPECT_EQ(directory.at_open(), acknowledged{});
  EXPECT_TRUE(directory.acknowledge(value));
  EXPECT_TRUE(directory.sync());
  EXPECT_EQ(data_directory::open(home.path(), directory_access::read).value().at_open(), value);
}

TEST(DataDirectory, DetectsEveryFlippedBitInWhatWasAcknowledged) {
  const temporary_directory home;
  ASSERT_EQ(refusal(home.path()), std::nullopt);
  const std::string bytes = text_of(home.path() / "ACKNOWLEDGED");
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    write_text(home.path() / "ACKNOWLEDGED", damaged);
    EXPECT_EQ(refusal(home.path()), errc::corrupt) << "bit " << bit;
  }
}

} // namespace
} // namespace ducat
