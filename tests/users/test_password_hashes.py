import base64
import contextlib
import hashlib

import argon2
import bcrypt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.users.password_hashes import InvalidPasswordHash, check, verify

SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
FIREBASE_HASH = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
FIREBASE_SALT = "42xEC+ixf3L2lw=="

# From the documentation, except where noted.
SCRYPT = (
    "$scrypt$v=1$n=16384,r=8,p=1,kl=64$Swhqd4iUYTtWfbCYIPeuMw"
    "$q7pfdBQMJujd5FX/qX+ozM2O6aNqP+mo1ZnHGH15XM2vlhroQfPA037UpbdfpH4H66OrSPjsUhfkAMuNoBiQvw"
)
PBKDF2 = "$pbkdf2$i=600000,d=sha256$T2ptRFh6MXhDQVh2SWZuUGdpQXBUTg$xXiyTisD7390NijyCv5ICMhFW4eDuMlzypRoLGLyIvA"
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG"
BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"  # crypt_blowfish, password U*U
SSHA = "{SSHA}pKqkNr1tq3wtQqk+UcPyA3HnA2NsU5NJ"  # passlib, password "password"
SSHA256 = "{SSHA256}x1tymSTVjozxQ2PtT46ysrzhZxbcskK0o2f8hEFx7fAQQmhtDSEkJA=="  # passlib, password "password"


def bare(content):
    return base64.b64encode(content).decode().rstrip("=")


FIREBASE = (
    f"$firebase-scrypt$v=1$r=8,m=14,ss=Bw,sk={SIGNER_KEY.rstrip('=')}"
    f"${FIREBASE_SALT.rstrip('=')}${FIREBASE_HASH.rstrip('=')}"
)
FIREBASE_MIGRATED = f"$firebase-scrypt$hash={FIREBASE_HASH}$salt={FIREBASE_SALT}$sk={SIGNER_KEY}$ss=Bw==$r=8$m=14"
# RFC 7914, section 12, third vector.
SCRYPT_RFC = "$scrypt$v=1$n=16384,r=8,p=1,kl=64${}${}".format(
    bare(b"SodiumChloride"),
    bare(
        bytes.fromhex(
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        )
    ),
)
# The reference implementation's test.c, version 0x13.
ARGON2_REFERENCE = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
BCRYPT_OF_72_BYTES = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"  # crypt_blowfish
SEVENTY_TWO = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

KNOWN_ANSWERS = [
    ("bcrypt", BCRYPT, "U*U"),
    ("bcrypt", BCRYPT_OF_72_BYTES, SEVENTY_TWO),
    ("bcrypt", BCRYPT_OF_72_BYTES, SEVENTY_TWO + "chars after 72 are ignored"),
    ("ssha", SSHA, "password"),
    ("ssha", "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr", "testing123"),
    ("ssha256", SSHA256, "password"),
    ("scrypt", SCRYPT_RFC, "pleaseletmein"),
    ("firebase-scrypt", FIREBASE, "user1password"),
    ("firebase-scrypt", FIREBASE_MIGRATED, "user1password"),
    ("argon2", ARGON2_REFERENCE, "password"),
]


@pytest.mark.parametrize(("type", "text", "password"), KNOWN_ANSWERS)
def test_published_hash_fits_its_password_alone(type, text, password):
    check(type, text)
    assert verify(type, text, password)
    assert not verify(type, text, "x" + password)
    assert not verify(type, text, "")


@pytest.mark.parametrize(
    ("type", "text"), [("scrypt", SCRYPT), ("pbkdf2", PBKDF2), ("argon2", ARGON2), ("firebase-scrypt", FIREBASE)]
)
def test_example_of_the_documentation_is_accepted(type, text):
    check(type, text)
    assert not verify(type, text, "certainly not the password")


@pytest.mark.parametrize("version", ["2a", "2b", "2y"])
def test_every_version_of_bcrypt_is_verified(version):
    text = f"${version}${BCRYPT[4:]}"
    assert verify("bcrypt", text, "U*U")
    assert not verify("bcrypt", text, "U*V")


@pytest.mark.parametrize("position", [28, 59])
def test_bits_of_bcrypt_that_nobody_reads_may_be_set(position):
    text = bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()
    spare = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    other = spare[spare.index(text[position]) | 1]
    assert verify("bcrypt", text[:position] + other + text[position + 1 :], "secret")


@pytest.mark.parametrize(("position", "order"), [("prefix", "salt+password"), ("suffix", "password+salt")])
def test_ssha256_knows_where_the_salt_was(position, order):
    salt, password = b"some salt", b"p\xc3\xa4ssword"
    digest = hashlib.sha256(salt + password if order == "salt+password" else password + salt).digest()
    text = "{SSHA256}" + base64.b64encode(digest + salt).decode()
    assert verify("ssha256", text, "pässword", position)
    assert not verify("ssha256", text, "pässword", {"prefix": "suffix", "suffix": "prefix"}[position])


@pytest.mark.parametrize(
    ("name", "algorithm", "iterations"), [("sha256", hashes.SHA256(), 600_000), ("sha512", hashes.SHA512(), 210_000)]
)
def test_pbkdf2_of_another_library_is_verified(name, algorithm, iterations):
    digest = PBKDF2HMAC(algorithm, 32, b"some salt", iterations).derive(b"secret")
    text = f"$pbkdf2$i={iterations},d={name}${bare(b'some salt')}${bare(digest)}"
    assert verify("pbkdf2", text, "secret")
    assert not verify("pbkdf2", text, "Secret")


@pytest.mark.parametrize("variant", list(argon2.Type))
def test_every_variant_of_argon2_is_verified(variant):
    text = argon2.PasswordHasher(time_cost=3, memory_cost=4096, parallelism=2, type=variant).hash("secret")
    check("argon2", text)
    assert verify("argon2", text, "secret")
    assert not verify("argon2", text, "Secret")


@pytest.mark.parametrize(("type", "text", "password"), [KNOWN_ANSWERS[0], KNOWN_ANSWERS[3], KNOWN_ANSWERS[9]])
def test_corrupt_digest_fits_no_password(type, text, password):
    corrupt = text.replace("OeW", "OeO").replace("SSHA}p", "SSHA}q").replace("$CTF", "$CTG")
    check(type, corrupt)
    assert not verify(type, corrupt, password)


def test_salt_and_hash_may_be_padded():
    *start, salt, digest = SCRYPT_RFC.split("$")
    assert verify("scrypt", "$".join([*start, salt + "==", digest + "=="]), "pleaseletmein")


def test_parameters_may_come_in_any_order():
    assert verify("argon2", ARGON2_REFERENCE.replace("m=65536,t=2,p=1", "p=1,t=2,m=65536"), "password")


@pytest.mark.parametrize("type", ["bcrypt", "ssha", "ssha256", "scrypt"])
def test_password_that_is_no_unicode_fits_no_hash(type):
    text = {"bcrypt": BCRYPT, "ssha": SSHA, "ssha256": SSHA256, "scrypt": SCRYPT}[type]
    assert not verify(type, text, "\ud800")


@pytest.mark.parametrize(
    ("type", "text", "reason"),
    [
        ("md5", "5f4dcc3b5aa765d61d8327deb882cf99", "'md5' is not a supported type"),
        ("bcrypt", "", "expected \\$2b\\$"),
        ("bcrypt", BCRYPT[:-1], "expected \\$2b\\$"),
        ("bcrypt", BCRYPT + "\n", "expected \\$2b\\$"),
        ("bcrypt", BCRYPT.replace("$05$", "$03$"), "expected \\$2b\\$"),
        ("bcrypt", BCRYPT.replace("$05$", "$32$"), "expected \\$2b\\$"),
        ("bcrypt", BCRYPT.replace("$2a$", "$2x$"), "expected \\$2b\\$"),
        ("ssha", SSHA.removeprefix("{SSHA}"), "expected {SSHA}"),
        ("ssha", "{SSHA}" + bare(b"x" * 20), "20 bytes of digest and then a salt"),
        ("ssha", "{SSHA}not base64", "not base64"),
        ("ssha256", SSHA, "expected {SSHA256}"),
        ("scrypt", "secret", "expected \\$<id>"),
        ("scrypt", PBKDF2, "identifier must be scrypt"),
        ("scrypt", SCRYPT.replace("v=1$", "v=2$"), "version v must be 1, found '2'"),
        ("scrypt", SCRYPT.replace("n=16384", "n=16383"), "power of 2"),
        ("scrypt", SCRYPT.replace("n=16384", "n=1"), "n must be a number from 2"),
        ("scrypt", SCRYPT.replace("n=16384,r=8", "n=65536,r=1"), "below 2"),
        ("scrypt", SCRYPT.replace("n=16384", "n=524288"), "more than 256 MiB"),
        ("scrypt", SCRYPT.replace("p=1", "p=17"), "p must be a number from 1 to 16"),
        ("scrypt", SCRYPT.replace("kl=64", "kl=32"), "kl is 32, but the digest has 64 bytes"),
        ("scrypt", SCRYPT.replace(",kl=64", ""), "expected the parameters kl, n, p, r; found n, p, r"),
        ("scrypt", SCRYPT.replace(",kl=64", ",r=8"), "every parameter once"),
        ("scrypt", SCRYPT.replace("r=8", "r"), "every parameter once"),
        ("scrypt", SCRYPT.replace("r=8", "r=08"), "r must be a number"),
        ("scrypt", SCRYPT.replace("r=8", "r=٨"), "r must be a number"),
        ("firebase-scrypt", FIREBASE.replace("m=14", "m=19"), "more than 256 MiB"),
        ("firebase-scrypt", FIREBASE.replace("m=14", "m=0"), "m must be a number"),
        ("firebase-scrypt", FIREBASE.replace("sk=j", "sk="), "not base64"),
        ("firebase-scrypt", FIREBASE.replace("sk=jxsp", "sk="), "of the same length"),
        ("firebase-scrypt", FIREBASE_MIGRATED.replace("$r=8", ""), "expected the parameters hash, m"),
        ("firebase-scrypt", SCRYPT, "identifier must be firebase-scrypt"),
        ("pbkdf2", PBKDF2.replace("600000", "599999"), "i must be a number from 600000 to 1000000"),
        ("pbkdf2", PBKDF2.replace("600000", "1000001"), "i must be a number from 600000 to 1000000"),
        ("pbkdf2", PBKDF2.replace("600000,d=sha256", "209999,d=sha512"), "from 210000 to 1000000"),
        ("pbkdf2", PBKDF2.replace("sha256", "sha1"), "must be sha256 or sha512, found 'sha1'"),
        ("pbkdf2", PBKDF2.rpartition("$")[0] + "$", "must have 10 to 512 bytes, found 0"),
        ("argon2", ARGON2.replace("v=19", "v=16"), "version v must be 19, found '16'"),
        ("argon2", ARGON2.replace("$v=19", ""), "version v must be 19, found None"),
        ("argon2", ARGON2.replace("m=65536", "m=4095"), "m must be a number from 4096 to 262144"),
        ("argon2", ARGON2.replace("m=65536", "m=262145"), "m must be a number from 4096 to 262144"),
        ("argon2", ARGON2.replace("t=3", "t=0"), "t must be a number from 1 to 5"),
        ("argon2", ARGON2.replace("t=3", "t=6"), "t must be a number from 1 to 5"),
        ("argon2", ARGON2.replace("argon2id", "argon2i").replace("t=3", "t=2"), "from 3 to 5"),
        ("argon2", ARGON2.replace("p=4", "p=9"), "p must be a number from 1 to 8"),
        ("argon2", ARGON2.replace("argon2id", "argon2x"), "must be argon2id or argon2i or argon2d"),
        ("argon2", ARGON2.replace("c29tZXNhbHQ", "c2FsdA"), "salt of 8 bytes or more, found 4"),
    ],
)
def test_invalid_hash_is_refused_with_the_reason(type, text, reason):
    with pytest.raises(InvalidPasswordHash, match=reason):
        check(type, text)


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("pbkdf2", PBKDF2.replace("600000", "1000000")),
        ("pbkdf2", PBKDF2.replace("600000,d=sha256", "210000,d=sha512")),
        ("argon2", ARGON2.replace("m=65536,t=3,p=4", "m=4096,t=1,p=1")),
        ("argon2", ARGON2.replace("m=65536,t=3,p=4", "m=262144,t=5,p=8")),
        ("argon2", ARGON2.replace("argon2id", "argon2d")),
        ("scrypt", SCRYPT.replace("n=16384", "n=262144")),
        ("scrypt", SCRYPT.replace("$v=1", "")),
        ("firebase-scrypt", FIREBASE.replace("$v=1", "")),
    ],
)
def test_bounds_are_inclusive_and_versions_of_scrypt_optional(type, text):
    check(type, text)


@pytest.mark.parametrize("parameters", ["n=2,r=1,p=16", "n=32768,r=1,p=1", "n=512,r=128,p=2"])
def test_scrypt_at_its_bounds_is_verified(parameters):
    n, r, p = (int(pair[2:]) for pair in parameters.split(","))
    digest = hashlib.scrypt(b"secret", salt=b"salt", n=n, r=r, p=p, maxmem=2**30, dklen=10)
    assert verify("scrypt", f"$scrypt$v=1${parameters},kl=10${bare(b'salt')}${bare(digest)}", "secret")


TYPES = ["bcrypt", "firebase-scrypt", "ssha", "ssha256", "scrypt", "pbkdf2", "argon2"]
EXAMPLES = [BCRYPT, FIREBASE, FIREBASE_MIGRATED, SSHA, SSHA256, SCRYPT, PBKDF2, ARGON2]


@given(st.sampled_from(TYPES), st.text())
@example("scrypt", "$scrypt$v=1$$$")
def test_any_text_is_accepted_or_refused(type, text):
    accepted_or_refused(type, text)


@given(st.sampled_from(TYPES), st.sampled_from(EXAMPLES), st.data())
def test_any_change_of_a_hash_is_accepted_or_refused(type, text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 4, len(text))))
    accepted_or_refused(type, text[:start] + data.draw(st.text("$=,0123456789aé", max_size=3)) + text[end:])


def accepted_or_refused(type, text):
    with contextlib.suppress(InvalidPasswordHash):
        check(type, text)
