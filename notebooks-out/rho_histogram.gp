# The rho that the variance of a batch implies, beside rho_t, nu_t and the exact one
# gnuplot rho_histogram.gp   draws rho_histogram.svg from rho_histogram.csv, all beside this script.
# rsvg-convert -f pdf -o rho_histogram.pdf rho_histogram.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 3.5 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,336 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'rho_histogram'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > rho_histogram.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot

# Panel 1.
set margins screen 0.0805, screen 0.3374, screen 0.5595, screen 0.873
set title '{/:Italic t} = 5' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel 'batches' offset 0.3,0
set xrange [*:*]
set yrange [*:*]
stats 'rho_histogram.csv' using (cell_where('t', 5, 'rho_exact')) name 'rho_exact' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 5, 'rho_t')) name 'rho_t' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 5, 'nu_t')) name 'nu_t' nooutput
set format '%g'
set xrange [2.705303984955553:10.02167050873178]
set xtics 2
set yrange [0:16.200000000000003]
set ytics 5
unset label
plot 'rho_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 5, 'count')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     '+' using (rho_exact_max):(0):(0):(16.200000000000003) every ::0::0 with vectors nohead linetype 1 linewidth 1.6, \
     '+' using (rho_t_max):(0):(0):(16.200000000000003) every ::0::0 with vectors nohead linetype 3 linewidth 1.2, \
     '+' using (nu_t_max):(0):(0):(16.200000000000003) every ::0::0 with vectors nohead linetype 2 linewidth 0.9

# Panel 2.
set margins screen 0.4018, screen 0.6586, screen 0.5595, screen 0.873
set title '{/:Italic t} = 10' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set xrange [*:*]
set yrange [*:*]
stats 'rho_histogram.csv' using (cell_where('t', 10, 'rho_exact')) name 'rho_exact' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 10, 'rho_t')) name 'rho_t' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 10, 'nu_t')) name 'nu_t' nooutput
set format '%g'
set xrange [4.087864898163895:18.08126288871668]
set xtics 5
set yrange [0:14.040000000000001]
set ytics 5
unset label
plot 'rho_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 10, 'count')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     '+' using (rho_exact_max):(0):(0):(14.040000000000001) every ::0::0 with vectors nohead linetype 1 linewidth 1.6, \
     '+' using (rho_t_max):(0):(0):(14.040000000000001) every ::0::0 with vectors nohead linetype 3 linewidth 1.2, \
     '+' using (nu_t_max):(0):(0):(14.040000000000001) every ::0::0 with vectors nohead linetype 2 linewidth 0.9

# Panel 3.
set margins screen 0.723, screen 0.9799, screen 0.5595, screen 0.873
set title '{/:Italic t} = 100' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel '{/:Italic ρ̂_t}' offset 0,0.5
set ylabel '' offset 0.3,0
set xrange [*:*]
set yrange [*:*]
stats 'rho_histogram.csv' using (cell_where('t', 100, 'rho_exact')) name 'rho_exact' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 100, 'rho_t')) name 'rho_t' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 100, 'nu_t')) name 'nu_t' nooutput
set format '%g'
set xrange [61.60729026983844:198.8213951203591]
set xtics 50
set yrange [0:17.28]
set ytics 5
unset label
plot 'rho_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 100, 'count')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     '+' using (rho_exact_max):(0):(0):(17.28) every ::0::0 with vectors nohead linetype 1 linewidth 1.6, \
     '+' using (rho_t_max):(0):(0):(17.28) every ::0::0 with vectors nohead linetype 3 linewidth 1.2, \
     '+' using (nu_t_max):(0):(0):(17.28) every ::0::0 with vectors nohead linetype 2 linewidth 0.9

# Panel 4.
set margins screen 0.0805, screen 0.3374, screen 0.1111, screen 0.4246
set title '{/:Italic t} = 1000' offset 0,-0.7
set format x '%g'
set format y '%g'
set xlabel '{/:Italic ρ̂_t}' offset 0,0.5
set ylabel 'batches' offset 0.3,0
set xrange [*:*]
set yrange [*:*]
stats 'rho_histogram.csv' using (cell_where('t', 1000, 'rho_exact')) name 'rho_exact' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 1000, 'rho_t')) name 'rho_t' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 1000, 'nu_t')) name 'nu_t' nooutput
set format '%g'
set xrange [526.8881855465614:1713.7390364963874]
set xtics 500
set yrange [0:15.120000000000001]
set ytics 5
unset label
plot 'rho_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 1000, 'count')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     '+' using (rho_exact_max):(0):(0):(15.120000000000001) every ::0::0 with vectors nohead linetype 1 linewidth 1.6, \
     '+' using (rho_t_max):(0):(0):(15.120000000000001) every ::0::0 with vectors nohead linetype 3 linewidth 1.2, \
     '+' using (nu_t_max):(0):(0):(15.120000000000001) every ::0::0 with vectors nohead linetype 2 linewidth 0.9

# Panel 5.
set margins screen 0.4018, screen 0.6586, screen 0.1111, screen 0.4246
set title '{/:Italic t} = 6000' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel '{/:Italic ρ̂_t}' offset 0,0.5
set ylabel '' offset 0.3,0
set xrange [*:*]
set yrange [*:*]
stats 'rho_histogram.csv' using (cell_where('t', 6000, 'rho_exact')) name 'rho_exact' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 6000, 'rho_t')) name 'rho_t' nooutput
stats 'rho_histogram.csv' using (cell_where('t', 6000, 'nu_t')) name 'nu_t' nooutput
set format '%g'
set xrange [1156.2035394683398:3924.813088616758]
set xtics 1000
set yrange [0:11.88]
set ytics 5
unset label
plot 'rho_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 6000, 'count')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     '+' using (rho_exact_max):(0):(0):(11.88) every ::0::0 with vectors nohead linetype 1 linewidth 1.6, \
     '+' using (rho_t_max):(0):(0):(11.88) every ::0::0 with vectors nohead linetype 3 linewidth 1.2, \
     '+' using (nu_t_max):(0):(0):(11.88) every ::0::0 with vectors nohead linetype 2 linewidth 0.9

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9444, screen 0.9921
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
unset arrow
unset object
unset logscale
set key inside center center horizontal Left reverse
plot [0:1] [0:1] NaN with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder title 'batches of 50', \
     NaN with lines linetype 1 linewidth 1.6 title 'exact variance', \
     NaN with lines linetype 3 linewidth 1.2 title '{/:Italic ρ_t} of the paper', \
     NaN with lines linetype 2 linewidth 0.9 title '{/:Italic ν_t}'
unset multiplot

unset output
