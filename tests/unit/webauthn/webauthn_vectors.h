/* Section 16.2 of WebAuthn Level 3, "ES256 Credential with No Attestation", as base64url. */
#ifndef WEBAUTHN_VECTORS_H
#define WEBAUTHN_VECTORS_H

#define MADE_CHALLENGE "AMMPt4UxxGTStncdq417YDwBFi8vpIa-pw8oOuVW4TA"
#define CREDENTIAL_ID "-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q"
#define MADE_CLIENT_DATA                                                                 \
	"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQU1NUHQ0VXh4R1RTdG"         \
	"5jZHE0MTdZRHdCRmk4dnBJYS1wdzhvT3VWVzRUQSIsIm9yaWdpbiI6Imh0dHBzOi8vZXhh"         \
	"bXBsZS5vcmciLCJjcm9zc09yaWdpbiI6ZmFsc2UsImV4dHJhRGF0YSI6ImNsaWVudERhdG"         \
	"FKU09OIG1heSBiZSBleHRlbmRlZCB3aXRoIGFkZGl0aW9uYWwgZmllbGRzIGluIHRoZSBm"         \
	"dXR1cmUsIHN1Y2ggYXMgdGhpczogQmtRZURqZGNUQnJYQmlBd0pUTEU1USJ9"
#define MADE_ATTESTATION                                                                 \
	"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikv6vDdDKViwYzYNOtZGHJxHNa5_jt1G"         \
	"WSpeDwFFKy5LVZAAAAAIRGzLmrHbN0dQsjZ_9vOh8AIPkfOR20ybL94OpwGJy6P7Y_V5um"         \
	"EiszrZT_PsMwCEvkpQECAyYgASFYIK_voW-XypstI-uGzLZAmNINuQhWBi6yScM6m2cvJt"         \
	"9hIlggkwpWuHovymYzSwNFir-HlxfBLMaO1zKQry4mZHlrkiA"
#define SAID_CHALLENGE "OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag"
#define SAID_DATA "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUZAAAAAA"
#define SAID_CLIENT_DATA                                                                 \
	"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiT2NEblVoUVh1bFRVUG8zSl"         \
	"VYVDBJOTdwdnp6WUJQOXRaY2hYeWF2MDFBZyIsIm9yaWdpbiI6Imh0dHBzOi8vZXhhbXBs"         \
	"ZS5vcmciLCJjcm9zc09yaWdpbiI6ZmFsc2V9"
#define SAID_SIGNATURE                                                                   \
	"MEYCIQD1Ck4uRAkknEqFO6NhKC8JhB303UVHoTqHeAIY3v_NOAIhAISArA8Lk1OBdPV1vx"         \
	"Gh3V14xuSGAT-TcpXqE2U-Mx6H"

#endif
