-- What every later file builds on: the clock, the form of a name, who may call what.
--
-- Programs never read a table. They call functions that run with the owner's rights
-- (SECURITY DEFINER), each with a search_path of its own so that nobody can slip
-- another table or operator under it. Nothing is granted to PUBLIC. Functions that only
-- other functions call run with their caller's path and rights: the small ones in SQL are
-- folded into the caller's plan. PostgreSQL cannot fold a strict function that makes
-- something of NULL, nor an immutable one that calls convert_to(), and would plan their body
-- again in every statement: those are in PL/pgSQL, which plans once in a connection.
--
-- The numbered files hold the tables, and of the functions only those that columns, checks,
-- indexes and triggers use, and the clock. Each is applied once and never changes after a
-- release. All other functions are in sql/functions, which is applied whole each time.

-- The clock of everything below. A test may replace it to move the time.
create function doorward.now() returns timestamptz
language sql volatile
as 'select clock_timestamp()';

-- The form in which two names are the same: without outer spaces, compatible forms
-- unified (NFKC: a full-width A is an A), capitals of Latin, Greek, Cyrillic and
-- Armenian as small letters. The table is written out because lower() depends on the
-- host's locale and changes with its C library: a unique index must not.
create function doorward.name_key_wide(name text) returns text
language sql immutable strict parallel safe
as $$
	select translate(lower(btrim(normalize(name, NFKC)) collate "C"),
		'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽŁŃŅŇŊ'
		'ŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǍǏ'
		'ǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎͰͲͶ'
		'ͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋ'
		'ЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞ'
		'ҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞ'
		'ԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢ'
		'ḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪ'
		'ẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾς',
		'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋ'
		'ōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǎǐ'
		'ǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏͱͳͷ'
		'ϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽѐёђѓєѕіїјљњћ'
		'ќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟ'
		'ҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟ'
		'ԡԣԥԧԩԫԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣ'
		'ḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫ'
		'ậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿσ')
$$;

-- As name_key_wide, which plain ASCII does not need: there only capitals change.
create function doorward.name_key(name text) returns text
language sql immutable parallel safe
as $$
	select case when octet_length(name) = char_length(name)
		then lower(btrim(name) collate "C")
		else doorward.name_key_wide(name) end
$$;

-- The programs that have rights of their own here; `admin` is for scripts of the operator's
-- that are not to own the tables. A new program is a row more, in a file of its own.
create table doorward.program (
	name text primary key
);
insert into doorward.program values ('login'), ('account'), ('admin');

-- Which program may call which function. Filled anew from sql/functions at each migrate.
create table doorward.door (
	program text not null references doorward.program,
	function text not null,
	primary key (program, function)
);

-- The database role of each program, as `doorward db migrate` was told; roles belong to all
-- databases of a server, so that one of a likely name may be somebody else's. On a host with
-- a single role there is none here: that role owns everything, and the programs run as it.
create table doorward.program_role (
	program text primary key references doorward.program,
	role text not null
);
