"""The currencies of ISO 4217 and the number of decimals each has.

Source: ISO 4217, list one, as in force from January 2026, with fund codes; codes without a minor unit (metals,
bond units, drawing rights, testing) are left out, because nothing can be invoiced in them to the cent.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_CODES_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
        COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
        STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    {code: exponent for exponent, codes in _CODES_BY_EXPONENT.items() for code in codes.split()}
)


def exponent(currency: str) -> int:
    """Return how many decimals the currency has.

    Unit: decimals; one major unit is ten to this power of minor units.
    Rule: codes are three capitals as ISO 4217 writes them; an unknown code is refused, never guessed.
    Source: ISO 4217, list one

    >>> exponent("EUR"), exponent("JPY"), exponent("BHD")
    (2, 0, 3)
    """
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise ValueError(f"{currency!r} is not a currency code of ISO 4217, such as EUR or USD") from None
