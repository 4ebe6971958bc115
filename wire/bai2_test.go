package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
)

// TestBAI2Tables shows the records of files.
func TestBAI2Tables(t *testing.T) {
	texttable.Check(t, "testdata/bai2/*.txt", *update, func(t *testing.T, in string) string {
		d, err := BAI2([]byte(in), BAI2Options{}, Limits{})
		if err != nil {
			return err.Error() + "\n"
		}
		checkSpans(t, []byte(in), d)
		return printRecords(t, d)
	})
}

// statement is a file with one account and two transactions.
func statement() string {
	return strings.Join([]string{
		"01,BANK,RETAILER,261123,0600,1,80,,2/", "02,RETAILER,BANK,1,261122,2400,USD,2/",
		"03,0012345,,010,+1000,,,015,1300,,/", "16,142,500,Z,REF1,,CARDS/", "16,475,200,0,REF2,,CHECK/",
		"49,3000,4/", "98,3000,1,6/", "99,3000,1,8/"}, "\n")
}

func TestBAI2Controls(t *testing.T) {
	const fine = "03 16 16"
	for _, c := range []struct{ name, old, new, want string }{
		{"all is well", "", "", fine},
		{"the total of an account", "49,3000,", "49,3001,", "V-BAL-02 the control total of 49 is 3001; what it covers adds up to 3000"},
		{"an amount was changed", "16,142,500", "16,142,501", "V-BAL-02 the control total of 49 is 3000; what it covers adds up to 3001"},
		{"the total of a group", "98,3000,", "98,2999,", "V-BAL-02 the control total of 98 is 2999; what it covers adds up to 3000"},
		{"the total of a file", "99,3000,", "99,-3000,", "V-BAL-02 the control total of 99 is -3000; what it covers adds up to 3000"},
		{"the total is no number", "98,3000,", "98,3e3,", "H-SYNTAX the control total of the group is no number"},
		{"records of an account", "3000,4/", "3000,5/", "H-SYNTAX 49 counts 5 records; there are 4"},
		{"accounts of a group", "98,3000,1,", "98,3000,2,", "H-SYNTAX 98 counts 2 blocks; there are 1"},
		{"records of a group", "1,6/", "1,/", "H-SYNTAX 98 counts no number of records; there are 6"},
		{"groups of a file", "99,3000,1,", "99,3000,9,", "H-SYNTAX 99 counts 9 blocks; there are 1"},
		{"records of a file", "1,8/", "1,9/", "H-SYNTAX 99 counts 9 records; there are 8"},
		{"an account without trailer", "49,3000,4/\n", "", "H-SYNTAX the account ends without its trailer"},
		{"a group without trailer", "98,3000,1,6/\n", "", "H-SYNTAX the group ends without its trailer"},
		{"a file without trailer", "99,3000,1,8/", "", "H-SYNTAX the file ends without its trailer"},
		{"another version", ",,2/\n02", ",,3/\n02", "H-SYNTAX the file is not of version 2"},
		{"an account without number", "03,0012345", "03,", "H-SYNTAX the account has no number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := BAI2([]byte(strings.Replace(statement(), c.old, c.new, 1)), BAI2Options{}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for r := range d.Records() {
				if r.Err != nil {
					got = append(got, string(r.Err.Code)+" "+r.Err.Detail)
				} else {
					got = append(got, r.Kind)
				}
			}
			want := strings.Fields(c.want)
			if c.want != fine {
				want = []string{c.want, c.want, c.want}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestBAI2EmptyBlocks requires that a block without records says itself what is wrong.
func TestBAI2EmptyBlocks(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a file", "01,A,B,261123,0600,1,,,2/\n99,0,0,2/", ""},
		{"a file that is wrong", "01,A,B,261123,0600,1,,,2/\n99,0,1,2/", "0-25 99 counts 1 blocks; there are 0"},
		{"a file that is cut off", "01,A,B,261123,0600,1,,,2/", "0-25 the file ends without its trailer"},
		{"a group that is wrong", "01,A,B,261123,0600,1,,,2/\n02,B,A,1,261122,,,/\n98,0,1,2/\n99,0,1,4/", "26-45 98 counts 1 blocks; there are 0"},
		{"an account of no group", "01,A,B,261123,0600,1,,,2/\n03,1/\n99,0,0,3/", "26-31 a record 03 does not belong here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := BAI2([]byte(c.in), BAI2Options{}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for r := range d.Records() {
				got = append(got, fmt.Sprintf("%d-%d %s", r.Start, r.End, r.Err.Detail))
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestBAI2BadRecord requires that a record that cannot be read is lost alone.
func TestBAI2BadRecord(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"an amount with a point", "16,142,500,", "16,142,5.00,", "an amount is no whole number of minor units"},
		{"a signed transaction", "16,142,500,", "16,142,-500,", "an amount is no whole number of minor units"},
		{"an amount of 16 digits", "16,142,500,", "16,142,1000000000000000,", "an amount has more than 15 digits"},
		{"an amount past 64 bits", "16,142,500,", "16,142,99999999999999999999,", "an amount is no whole number of minor units"},
		{"no type", "16,142,", "16,,", "the transaction has no type of three digits"},
		{"an unknown funds type", "500,Z,", "500,Q,", "a funds type is none of 0, 1, 2, S, V, D and Z"},
		{"funds of fewer days", "500,Z,REF1,,CARDS/", "500,D,2,0,500/", "funds are distributed over fewer days than they say"},
		{"a wrong part of the funds", "500,Z,", "500,S,1x,", "an amount is no whole number of minor units"},
		{"a wrong summary", "010,+1000,", "010,10.00,", "an amount is no whole number of minor units"},
		{"a summary without type", "015,1300,", ",1300,", "a summary has no type"},
		{"a wrong item count", "1000,,,", "1000,x,,", "an item count is no number"},
		{"a transaction of no account", "98,3000,1,6/", "16,142,500,Z,,,/\n98,3000,1,7/", "a record 16 does not belong here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := strings.Replace(statement(), c.old, c.new, 1)
			in = strings.Replace(in, "99,3000,1,8/", fmt.Sprintf("99,3000,1,%d/", strings.Count(in, "\n")+1), 1)
			d, err := BAI2([]byte(in), BAI2Options{}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			bad, good := "", 0
			for r := range d.Records() {
				if r.Err == nil {
					good++
				} else {
					bad += r.Err.Detail
				}
			}
			if bad != c.want || good < 2 {
				t.Errorf("got %q and %d others, want %q", bad, good, c.want)
			}
		})
	}
}

func TestBAI2Refused(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limits   Limits
		code     fault.Code
		subject  string
	}{
		{"nothing", "", Limits{}, fault.BadSyntax, "byte 0"},
		{"another format", "{}", Limits{}, fault.BadSyntax, "byte 0"},
		{"no file header", "02,A,B,1,261122,,,/", Limits{}, fault.BadSyntax, "byte 0"},
		{"records past the limit", statement(), Limits{Records: 2}, fault.TooLarge, "byte 138"},
		{"bytes past the limit", statement(), Limits{Bytes: 10}, fault.TooLarge, "document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := BAI2([]byte(c.in), BAI2Options{}, c.limits)
			wantCode(t, err, c.code, c.subject)
		})
	}
}

func TestBAI2AtTheLimit(t *testing.T) {
	for _, c := range []struct {
		limits Limits
		code   fault.Code
	}{{Limits{Records: 3, Values: 10}, ""}, {Limits{Values: 9}, fault.TooLarge}} {
		d, err := BAI2([]byte(statement()), BAI2Options{}, c.limits)
		if err != nil {
			t.Fatal(err)
		}
		if first := records(d)[0]; c.code == "" && first.Err != nil || c.code != "" && !fault.HasCode(first.Err, c.code) {
			t.Errorf("with %+v: got %v", c.limits, first.Err)
		}
	}
}

func TestBAI2Samples(t *testing.T) {
	checkSampleTable(t, "bank-bai2/*.txt", "testdata/bai2-samples.txt", func(body []byte) string {
		d, err := BAI2(body, BAI2Options{}, Limits{})
		if err != nil {
			return fmt.Sprintf("  refused: %v\n", err)
		}
		checkSpans(t, body, d)
		var b strings.Builder
		count := map[string]int{}
		for r := range d.Records() {
			count[r.Kind]++
			if r.Err != nil && r.Kind == "03" {
				fmt.Fprintf(&b, "    account %d: %v\n", r.Number, r.Err)
			} else if r.Err != nil {
				count["bad"]++
			}
		}
		return fmt.Sprintf("  %d accounts, %d transactions, %d of them refused\n", count["03"], count["16"], count["bad"]) + b.String()
	})
}

func FuzzBAI2(f *testing.F) {
	f.Add([]byte(statement()))
	f.Add([]byte(strings.ReplaceAll(statement(), "\n", "  ")))
	f.Add([]byte("01,A,B,261123,0600,1,,,2/\n02,A,B,1,261122,,,/\n03,1,,190/\n88,7,4,D,2,0,1,1,6/\n88,\n16,1/\n49,7,x/\n03,,\n98/"))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := BAI2(body, BAI2Options{}, Limits{Records: 1000})
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		checkSpans(t, body, d)
		first := show(t, records(d))
		if again := show(t, records(d)); again != first {
			t.Fatalf("second reading differs: %s, want %s", again, first)
		}
	})
}
