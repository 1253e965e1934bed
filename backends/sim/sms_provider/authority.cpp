#include "sms_provider/authority.h"

#include <array>
#include <cstddef>
#include <ctime>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace strongroom::sms_provider {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using Memory = std::unique_ptr<BIO, int (*)(BIO*)>;

constexpr long seconds_a_day = 86400;

void require(bool good) {
    if (!good) throw std::runtime_error("OpenSSL cannot make a certificate for the emulator");
}

Key make_key() {
    Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    require(key != nullptr);
    return key;
}

std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Memory memory(BIO_new(BIO_s_mem()), BIO_free);
    require(PEM_write_bio_X509(memory.get(), certificate) == 1);
    return text_of(memory);
}

std::string pem(EVP_PKEY* key) {
    const Memory memory(BIO_new(BIO_s_mem()), BIO_free);
    require(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
            1);
    return text_of(memory);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key, int from, int until) {
    Certificate made(X509_new(), X509_free);
    require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
    std::array<unsigned char, 8> serial{};
    require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1);
    serial[0] &= 0x7FU;  // a positive number
    BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
    require(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.get())) != nullptr);
    BN_free(number);
    require(X509_gmtime_adj(X509_getm_notBefore(made.get()), from * seconds_a_day) != nullptr);
    require(X509_gmtime_adj(X509_getm_notAfter(made.get()), until * seconds_a_day) != nullptr);
    require(X509_set_pubkey(made.get(), key) == 1);
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                       0) == 1);
    return made;
}

void name_host(X509* certificate, X509* issuer, const std::string& host) {
    const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
    extend(certificate, issuer, NID_subject_alt_name, (address ? "IP:" : "DNS:") + host);
    extend(certificate, issuer, NID_ext_key_usage, "serverAuth");
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
    require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    require(X509_sign(certificate, key, EVP_sha256()) > 0);
}

}  // namespace

struct Authority::Keys {
    Key key = make_key();
    Certificate certificate = make_certificate("strongroom test authority", key.get(), -1, 30);
};

Authority::Authority() : keys_(std::make_unique<Keys>()) {
    X509* own = keys_->certificate.get();
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(own, own, NID_subject_key_identifier, "hash");
    sign(own, own, keys_->key.get());
}

Authority::~Authority() = default;

std::string Authority::certificate() const { return pem(keys_->certificate.get()); }

Identity Authority::issue(const std::string& host, int from, int until) const {
    const Key key = make_key();
    const Certificate made = make_certificate(host, key.get(), from, until);
    extend(made.get(), keys_->certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    name_host(made.get(), keys_->certificate.get(), host);
    sign(made.get(), keys_->certificate.get(), keys_->key.get());
    return {pem(made.get()), pem(key.get())};
}

Identity Authority::self_signed(const std::string& host) {
    const Key key = make_key();
    const Certificate made = make_certificate(host, key.get(), -1, 30);
    name_host(made.get(), made.get(), host);
    sign(made.get(), made.get(), key.get());
    return {pem(made.get()), pem(key.get())};
}

}  // namespace strongroom::sms_provider
