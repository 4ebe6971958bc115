package gateway

import (
	"errors"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// Limits of what a problem says about fields.
const (
	fieldProblemsMax  = 20
	locationLengthMax = 128
)

// fieldProblems says which fields are wrong, and never what stood in them.
func fieldProblems(errs []error) []FieldProblem {
	var fields []FieldProblem
	for _, err := range errs {
		var d huma.ErrorDetailer
		if len(fields) == fieldProblemsMax || !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		fields = append(fields, FieldProblem{Location: safeLocation(detail.Location), Message: safeMessage(detail.Message)})
	}
	return fields
}

// safeLocation keeps names as a program writes them. A member's name is submitted, too:
// one that looks otherwise (an e-mail address as a key) is replaced.
func safeLocation(location string) string {
	parts := strings.Split(location, ".")
	for i, part := range parts {
		if strings.ContainsFunc(part, func(c rune) bool {
			return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("_-[]", c))
		}) {
			parts[i] = "?"
		}
	}
	location = strings.Join(parts, ".")
	if len(location) > locationLengthMax {
		return location[:locationLengthMax] + "…"
	}
	return location
}

// plainMessages are those of huma's messages that hold nothing but what the schema says;
// a %-verb in them stands for the schema's own limit, list or name.
func plainMessages() []string {
	return []string{
		validation.MsgUnexpectedProperty, validation.MsgExpectedRFC3339DateTime, validation.MsgExpectedRFC3339Date,
		validation.MsgExpectedRFC3339Time, validation.MsgExpectedMatchAtLeastOneSchema, validation.MsgExpectedMatchExactlyOneSchema,
		validation.MsgExpectedNotMatchSchema, validation.MsgExpectedBoolean, validation.MsgExpectedNumber, validation.MsgExpectedInteger,
		validation.MsgExpectedString, validation.MsgExpectedBase64String, validation.MsgExpectedArray, validation.MsgExpectedObject,
		validation.MsgExpectedArrayItemsUnique, validation.MsgExpectedOneOf, validation.MsgExpectedMinimumNumber,
		validation.MsgExpectedExclusiveMinimumNumber, validation.MsgExpectedMaximumNumber, validation.MsgExpectedExclusiveMaximumNumber,
		validation.MsgExpectedNumberBeMultipleOf, validation.MsgExpectedMinLength, validation.MsgExpectedMaxLength,
		validation.MsgExpectedBePattern, validation.MsgExpectedMatchPattern, validation.MsgExpectedMinItems, validation.MsgExpectedMaxItems,
		validation.MsgExpectedMinProperties, validation.MsgExpectedMaxProperties, validation.MsgExpectedRequiredProperty,
		validation.MsgExpectedDependentRequiredProperty, "required %s parameter is missing", "unknown query parameter",
		"expected at most one value, but received multiple values", "invalid integer", "invalid float", "invalid floating value",
		"invalid boolean", "invalid date/time for format %s",
	}
}

// causeMessages are those of huma's messages that end in a parser's own error, which may
// repeat what was sent.
func causeMessages() []string {
	return []string{
		validation.MsgExpectedRFC5322Email, validation.MsgExpectedRFC3986URI, validation.MsgExpectedRFC4122UUID,
		validation.MsgExpectedRegexp, validation.MsgExpectedDuration,
	}
}

// safeMessage passes on what cannot hold anything submitted: it cuts a parser's error
// off, and replaces what is not known (a decoder's "cannot unmarshal number 4111…").
func safeMessage(message string) string {
	for _, m := range causeMessages() {
		if before, _, _ := strings.Cut(m, "%"); strings.HasPrefix(message, before) {
			return strings.TrimSuffix(before, ": ")
		}
	}
	known := slices.ContainsFunc(plainMessages(), func(plain string) bool {
		before, _, verb := strings.Cut(plain, "%")
		return message == plain || verb && strings.HasPrefix(message, before)
	})
	if known {
		return message
	}
	return "is not of the documented form"
}
