"""Password hashes, other systems' and our own: which are accepted, and whether a password fits one.

The formats and bounds are those of the migration guides (docs: migrate/other-services, migrate/firebase). Whatever is
accepted can be derived, in a few seconds at most.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}")
BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# Not documented: cost 16 takes four seconds, 31 a day and a half.
BCRYPT_COST = (4, 15)
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")

PBKDF2_ITERATIONS = {"sha256": (600_000, 1_000_000), "sha512": (210_000, 1_000_000)}
ARGON2_MEMORY = (4096, 262_144)
ARGON2_TIME = {"argon2id": (1, 5), "argon2i": (3, 5), "argon2d": (1, 5)}
ARGON2_PARALLELISM = (1, 8)
# Our own (`--argon2 fast`) have 64 KiB and take a tenth of a millisecond; older data directories hold some of 1 MiB.
ARGON2_OWN_MEMORY = (64, 1024)
# Not documented: n·r·p, which is two seconds of work; as much memory as argon2 may take; digests from what PHC calls
# safe to what anyone uses.
SCRYPT_WORK = 2**22
SCRYPT_MIB = 256
SCRYPT_PARALLELISM = (1, 16)
DIGEST_LENGTH = (10, 512)

# The most that is derived at once, in about two milliseconds: bcrypt's cost, scrypt's n·r·p, argon2's KiB times passes.
BCRYPT_QUICK_COST = 5
SCRYPT_QUICK_WORK = 2**12
ARGON2_QUICK_WORK = 2**12


class InvalidPasswordHash(ValueError):
    """The text is not a hash of its type, or a parameter is out of bounds."""


@dataclass(frozen=True)
class Hash:
    """What a password must derive to. `is_quick` says that deriving keeps nobody waiting."""

    digest: bytes
    derive: Callable[[bytes], bytes]
    is_quick: bool

    def fits(self, password: str) -> bool:
        return hmac.compare_digest(self.derive(password.encode("utf-8", "surrogatepass")), self.digest)


class PHC(NamedTuple):
    """A string of the form `$id$v=version$name=value,name=value$salt$digest`."""

    id: str
    version: str | None
    parameters: dict[str, str]
    salt: bytes
    digest: bytes

    def number(self, name: str, low: int, high: int) -> int:
        return number(name, self.parameters[name], low, high)


def check(type: str, text: str) -> None:
    """Raise InvalidPasswordHash, with the reason, unless `text` may be imported as this `password_hash_type`."""
    if type == "argon2":
        argon2(text, ARGON2_MEMORY)
    else:
        parse(type, text)


def is_own(text: str) -> bool:
    """Whether it is a hash such as `--argon2 fast` makes, or made; they need less memory than those to import."""
    try:
        phc = parse_argon2(text)
    except InvalidPasswordHash:
        return False
    names = {"t": "1", "p": "1"}
    return phc.id == "argon2id" and phc.parameters in [{**names, "m": str(memory)} for memory in ARGON2_OWN_MEMORY]


def verify(type: str, text: str, password: str, salt_position: str | None = None) -> bool:
    """Whether the password fits a hash that `parse` takes."""
    return parse(type, text, salt_position).fits(password)


def parse(type: str, text: str, salt_position: str | None = None) -> Hash:
    """A hash to import or one of our own. `salt_position` is for `ssha256` alone. Raises InvalidPasswordHash."""
    match type:
        case "bcrypt":
            return bcrypt(text)
        case "ssha":
            return salted("{SSHA}", "sha1", text)
        case "ssha256":
            return salted("{SSHA256}", "sha256", text, salt_first=salt_position == "prefix")
        case "scrypt":
            return scrypt(text)
        case "firebase-scrypt":
            return firebase_scrypt(text)
        case "pbkdf2":
            return pbkdf2(text)
        case "argon2":
            return argon2(text)
        case _:
            raise InvalidPasswordHash(f"{type!r} is not a supported type of password hash")


def bcrypt(text: str) -> Hash:
    if not BCRYPT.fullmatch(text):
        raise InvalidPasswordHash("expected $2b$<cost>$<22 characters of salt><31 characters of digest>")
    cost = number("the cost of bcrypt", text[4:6].lstrip("0"), *BCRYPT_COST)
    # The last character of salt and of digest holds bits that no implementation reads; the library insists on zeros.
    salt = text[:28] + BCRYPT_ALPHABET[BCRYPT_ALPHABET.index(text[28]) & 0b110000]
    digest = text[29:59] + BCRYPT_ALPHABET[BCRYPT_ALPHABET.index(text[59]) & 0b111100]

    def derive(password: bytes) -> bytes:
        import bcrypt

        # bcrypt reads 72 bytes; the library refuses longer passwords since version 5.
        return bcrypt.hashpw(password[:72], salt.encode())

    return Hash((salt + digest).encode(), derive, cost <= BCRYPT_QUICK_COST)


def salted(scheme: str, algorithm: str, text: str, *, salt_first: bool = False) -> Hash:
    """`{SSHA}` and its kin: base64 of the digest with the salt behind it, wherever the salt was when hashing."""
    if not text.startswith(scheme):
        raise InvalidPasswordHash(f"expected {scheme} and base64 of digest and salt")
    content = decode("digest and salt", text.removeprefix(scheme))
    size = hashlib.new(algorithm).digest_size
    if len(content) <= size:
        raise InvalidPasswordHash(f"expected {size} bytes of digest and then a salt, found {len(content)} bytes")
    digest, salt = content[:size], content[size:]

    def derive(password: bytes) -> bytes:
        return hashlib.new(algorithm, salt + password if salt_first else password + salt).digest()

    return Hash(digest, derive, is_quick=True)


def scrypt(text: str) -> Hash:
    phc = parse_phc(text, ids=["scrypt"], versions=[None, "1"], parameters={"n", "r", "p", "kl"})
    length = phc.number("kl", *DIGEST_LENGTH)
    if length != len(phc.digest):
        raise InvalidPasswordHash(f"kl is {length}, but the digest has {len(phc.digest)} bytes")
    cost = phc.number("n", 2, 2**31)
    block_size = phc.number("r", 1, 2**31)
    parallelism = phc.number("p", *SCRYPT_PARALLELISM)
    memory = scrypt_memory(cost, block_size, parallelism)

    def derive(password: bytes) -> bytes:
        return hashlib.scrypt(password, salt=phc.salt, n=cost, r=block_size, p=parallelism, maxmem=memory, dklen=length)

    return Hash(phc.digest, derive, cost * block_size * parallelism <= SCRYPT_QUICK_WORK)


def firebase_scrypt(text: str) -> Hash:
    """Firebase's own scrypt: the derived key encrypts the project's signer key, and the outcome is the hash.

    Two spellings are in use: the guide's PHC string, and the one that WorkOS's migration tool writes,
    `$firebase-scrypt$hash=…$salt=…$sk=…$ss=…$r=…$m=…`.
    """
    if text.startswith("$firebase-scrypt$hash="):
        members = parse_parameters(text.removeprefix("$firebase-scrypt$").split("$"))
        require_exactly(members, {"hash", "salt", "sk", "ss", "r", "m"})
        digest, salt = decode("hash", members.pop("hash")), decode("salt", members.pop("salt"))
        phc = PHC("firebase-scrypt", None, members, salt, digest)
    else:
        phc = parse_phc(text, ids=["firebase-scrypt"], versions=[None, "1"], parameters={"sk", "ss", "r", "m"})
    signer_key, separator = decode("sk", phc.parameters["sk"]), decode("ss", phc.parameters["ss"])
    if len(signer_key) != len(phc.digest) or not signer_key:
        raise InvalidPasswordHash("the hash and the signer key sk must be of the same length")
    cost = 2 ** phc.number("m", 1, 31)
    rounds = phc.number("r", 1, 2**31)
    memory = scrypt_memory(cost, rounds, 1)

    def derive(password: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        salt = phc.salt + separator
        key = hashlib.scrypt(password, salt=salt, n=cost, r=rounds, p=1, maxmem=memory, dklen=32)
        encryptor = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
        return encryptor.update(signer_key) + encryptor.finalize()

    return Hash(phc.digest, derive, cost * rounds <= SCRYPT_QUICK_WORK)


def pbkdf2(text: str) -> Hash:
    phc = parse_phc(text, ids=["pbkdf2"], versions=[None, "1"], parameters={"i", "d"})
    algorithm = phc.parameters["d"]
    if algorithm not in PBKDF2_ITERATIONS:
        raise InvalidPasswordHash(f"the digest d must be sha256 or sha512, found {algorithm!r}")
    iterations = phc.number("i", *PBKDF2_ITERATIONS[algorithm])

    def derive(password: bytes) -> bytes:
        return hashlib.pbkdf2_hmac(algorithm, password, phc.salt, iterations, len(phc.digest))

    return Hash(phc.digest, derive, is_quick=False)


def argon2(text: str, memory_bounds: tuple[int, int] = (ARGON2_OWN_MEMORY[0], ARGON2_MEMORY[1])) -> Hash:
    phc = parse_argon2(text)
    memory = phc.number("m", *memory_bounds)
    time = phc.number("t", *ARGON2_TIME[phc.id])
    parallelism = phc.number("p", *ARGON2_PARALLELISM)

    def derive(password: bytes) -> bytes:
        from argon2.low_level import Type, hash_secret_raw

        variant = {"argon2id": Type.ID, "argon2i": Type.I, "argon2d": Type.D}[phc.id]
        return hash_secret_raw(password, phc.salt, time, memory, parallelism, len(phc.digest), variant)

    return Hash(phc.digest, derive, memory * time <= ARGON2_QUICK_WORK)


@lru_cache(256)  # of each sign-in it would be a twentieth
def parse_argon2(text: str) -> PHC:
    phc = parse_phc(text, ids=ARGON2_TIME, versions=["19"], parameters={"m", "t", "p"})
    if len(phc.salt) < 8:
        raise InvalidPasswordHash(f"argon2 needs a salt of 8 bytes or more, found {len(phc.salt)}")
    return phc


def parse_phc(text: str, *, ids: Collection[str], versions: Collection[str | None], parameters: set[str]) -> PHC:
    empty, *fields = text.split("$")
    version = fields.pop(1)[2:] if len(fields) == 5 and fields[1].startswith("v=") else None
    if empty or len(fields) != 4:
        raise InvalidPasswordHash("expected $<id>$v=<version>$<name>=<value>,…$<salt>$<hash>")
    id, listed, salt, digest = fields
    if id not in ids:
        raise InvalidPasswordHash(f"the identifier must be {' or '.join(ids)}, found {id!r}")
    if version not in versions:
        raise InvalidPasswordHash(f"the version v must be {list(versions)[-1]}, found {version!r}")
    members = parse_parameters(listed.split(","))
    require_exactly(members, parameters)
    phc = PHC(id, version, members, decode("salt", salt), decode("hash", digest))
    low, high = DIGEST_LENGTH
    if not low <= len(phc.digest) <= high:
        raise InvalidPasswordHash(f"the hash must have {low} to {high} bytes, found {len(phc.digest)}")
    return phc


def parse_parameters(pairs: list[str]) -> dict[str, str]:
    members: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in members:
            raise InvalidPasswordHash(f"expected every parameter once, as <name>=<value>; found {pair!r}")
        members[name] = value
    return members


def require_exactly(members: dict[str, str], names: set[str]) -> None:
    if members.keys() != names:
        expected, found = ", ".join(sorted(names)), ", ".join(sorted(members))
        raise InvalidPasswordHash(f"expected the parameters {expected}; found {found}")


def number(name: str, text: str, low: int, high: int) -> int:
    if not NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise InvalidPasswordHash(f"{name} must be a number from {low} to {high}, found {text!r}")
    return int(text)


def decode(name: str, text: str) -> bytes:
    """The bytes of base64 text, with or without its padding."""
    bare = text.rstrip("=")
    if not BASE64.fullmatch(text) or len(bare) % 4 == 1:
        raise InvalidPasswordHash(f"the {name} is not base64")
    return base64.b64decode(bare + "=" * (-len(bare) % 4))


def scrypt_memory(cost: int, block_size: int, parallelism: int) -> int:
    """The bytes that scrypt takes for these parameters, when they are legal (RFC 7914) and affordable."""
    if cost & (cost - 1) or (block_size < 4 and cost >= 2 ** (16 * block_size)):
        raise InvalidPasswordHash(f"scrypt's cost must be a power of 2 below 2^(16·r), found {cost}")
    if 128 * block_size * (cost + parallelism) // 2**20 > SCRYPT_MIB:
        raise InvalidPasswordHash(f"scrypt would need more than {SCRYPT_MIB} MiB of memory, 128·r·(n+p)")
    if cost * block_size * parallelism > SCRYPT_WORK:
        raise InvalidPasswordHash(
            f"scrypt's n·r·p must be at most {SCRYPT_WORK}, found {cost * block_size * parallelism}"
        )
    return 128 * block_size * (cost + parallelism + 2)
